import { redirect } from "@sveltejs/kit";
import { session } from "./session.svelte";

/** Pages that open without an account. */
const OPEN = [/^\/sign-in$/, /^\/setup$/, /^\/password\//, /^\/t\//];

/** What is read of an address; kit's own URL is read-only. */
type Address = Pick<URL, "pathname" | "search"> & { searchParams: Pick<URLSearchParams, "get"> };

/** Sends people to where they must be first: setup, sign-in, or a new password. */
export function settleAddress(url: Address): void {
  const open = OPEN.some((page) => page.test(url.pathname));
  if (session.setupNeeded) {
    if (url.pathname !== "/setup") redirect(302, "/setup");
    return;
  }
  if (!session.person) {
    // Somebody has set this server up already.
    if (url.pathname === "/setup") redirect(302, "/sign-in");
    if (open) return;
    const back = url.pathname + url.search;
    redirect(302, back === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(back)}`);
  }
  if (session.person.must_change_password && url.pathname !== "/account/password") {
    redirect(302, "/account/password");
  }
  if (url.pathname === "/sign-in" || url.pathname === "/setup") redirect(302, nextOf(url));
}

/** The page to return to after signing in; only ever an address of ours. */
export function nextOf(url: Address): string {
  const next = url.searchParams.get("next") ?? "/";
  // Browsers drop tabs and line ends from addresses and turn backslashes: `/\t/host` is another host.
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : "/";
}
