import type { Photo } from "./api";

const AGAIN_MS = 2000;

/** Looks again while photos of work are drawn anew: that takes seconds after they have come. Called as a page is made. */
export function whileChecking(photos: () => readonly Photo[] | undefined, look: () => Promise<void>): void {
  $effect(() => {
    if (!photos()?.some(({ state }) => state === "checking")) return;
    // Again and again: a look over a line that is cut changes nothing, and is not the last.
    const timer = setInterval(() => void look(), AGAIN_MS);
    return () => clearInterval(timer);
  });
}
