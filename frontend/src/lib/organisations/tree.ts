import type { Organisation } from "$lib/api/types";

const GB = 1_000_000_000;

/** Whether a node is another one or lies below it: where that other one can't be moved to. */
export function isBelow(all: readonly Organisation[], id: string, top: string): boolean {
  const seen = new Set<string>();
  let at: string | null = id;
  while (at !== null && !seen.has(at)) {
    if (at === top) return true;
    seen.add(at);
    const here: string = at;
    at = all.find((node) => node.id === here)?.parent_id ?? null;
  }
  return false;
}

/** A quota as typed, in GB with a decimal comma or point; empty means no limit. */
export function quotaBytes(text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) || value < 0 ? null : Math.round(value * GB);
}

export function quotaText(bytes: number | null): string {
  return bytes === null ? "" : String(bytes / GB).replace(".", ",");
}
