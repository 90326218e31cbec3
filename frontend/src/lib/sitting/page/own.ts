import { placeOf } from "./place";

// Where this document began; what the router shows later changes the address without a new document.
const began = typeof location === "undefined" ? null : placeOf(location.pathname);

/**
 * Tests are sat on a page of their own, which the server sends for their addresses (`sit.html`): small, and
 * there without network. From within the app the way to it is a new page; these routes draw only where
 * nothing else does, as with `vite dev`.
 */
export async function ownPage(href: string): Promise<void> {
  if (began !== null) return;
  location.assign(href);
  await new Promise(() => undefined);
}
