import { getContext, setContext } from "svelte";
import type { WatchPosition } from "$lib/api";

/** What the films of a page need to know about the page they stand on. */
export interface Reading {
  /** The lesson that counts what is watched; null in drafts and old versions, where nothing is counted. */
  readonly counted: string | null;
  /** Where this person stopped in an asset, when known. */
  position(asset: string): WatchPosition | null;
}

const KEY = Symbol("reading");
const NOWHERE: Reading = { counted: null, position: () => null };

export const provideReading = (reading: Reading): Reading => setContext(KEY, reading);
export const currentReading = (): Reading => getContext<Reading | undefined>(KEY) ?? NOWHERE;
