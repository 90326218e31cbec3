import type { Photo } from "./api";

const AGAIN_MS = 2000;

/** Looks again while photos of work are drawn anew: that takes seconds after they have come. Called as a page is made. */
export function whileChecking(photos: () => readonly Photo[] | undefined, look: () => Promise<void>): void {
  $effect(() => {
    if (!photos()?.some(({ state }) => state === "checking")) return;
    const timer = setTimeout(() => void look(), AGAIN_MS);
    return () => clearTimeout(timer);
  });
}
