import type { Watcher } from "$lib/api";

export type WatcherOrder = "least" | "most" | "name";

/** Vietnamese names sort by the given name, the last word; then by the whole. */
export function byGivenName(a: string, b: string): number {
  const collator = new Intl.Collator("vi");
  const given = (name: string) => name.trim().split(/\s+/).at(-1) ?? "";
  return collator.compare(given(a), given(b)) || collator.compare(a, b);
}

export function ordered(rows: readonly Watcher[], order: WatcherOrder): Watcher[] {
  const names = (a: Watcher, b: Watcher) => byGivenName(a.person.display_name, b.person.display_name);
  return rows.toSorted((a, b) => {
    if (order === "name") return names(a, b);
    return (order === "least" ? a.fraction - b.fraction : b.fraction - a.fraction) || names(a, b);
  });
}

export interface WatchSummary {
  people: number;
  /** 0 to 1. */
  average: number;
  nearlyAll: number;
}

export function summary(rows: readonly Watcher[]): WatchSummary {
  const people = new Set(rows.map((r) => r.person.id)).size;
  const average =
    rows.length > 0 ? rows.reduce((sum, r) => sum + Math.min(1, r.fraction), 0) / rows.length : 0;
  return {
    people,
    average,
    nearlyAll: new Set(rows.filter((r) => r.fraction >= 0.9).map((r) => r.person.id)).size,
  };
}
