import type { BulkSet } from "./api";
import type { Level } from "./types";

/** What can be taken off questions. */
export const CLEARED = ["level", "subject", "grade", "requirement"] as const;
export type Cleared = (typeof CLEARED)[number];

export interface Place {
  subject: string | null;
  grade: number | null;
  strand: string | null;
  requirement: string | null;
}
export const NO_CHANGE: Place = { subject: null, grade: null, strand: null, requirement: null };

/**
 * The change that is asked of the bank; null when nothing is asked. A requirement belongs to a subject and
 * a grade: where these change and no new one is named, the old one goes.
 */
export function changeOf(level: Level | null, place: Place, off: ReadonlySet<Cleared>): BulkSet | null {
  const { subject, grade, requirement } = place;
  const set = { level, subject, grade, requirement };
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null)) as BulkSet;
  const gone = new Set(off);
  if (subject !== null || grade !== null || off.has("subject") || off.has("grade")) gone.add("requirement");
  const clear = CLEARED.filter((what) => gone.has(what) && set[what] === null);
  if (Object.keys(given).length === 0 && clear.length === 0) return null;
  return { ...given, ...(clear.length > 0 ? { clear } : {}) };
}
