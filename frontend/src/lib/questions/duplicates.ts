import type { DuplicateGroup, QuestionRow } from "./api";

/** One question that stays, and those that become part of it. */
export interface Merge {
  into: string;
  ids: string[];
}
/** Most questions that the server makes one of at once. */
const MOST_AT_ONCE = 500;

export const groupId = (group: DuplicateGroup): string => group.questions[0]?.id ?? "";
/** Those of a group that its reader may change; the others stay as they are. */
export const changeable = (group: DuplicateGroup): QuestionRow[] =>
  group.questions.filter((row) => row.can_edit);

/** Which of a group most is known of: its key, its use, its place; of equals the first. */
export function bestOf(group: DuplicateGroup): string | null {
  const worth = (row: QuestionRow) =>
    (row.key === "missing" ? 0 : 1_000_000) +
    Math.min(row.use_count, 1000) * 100 +
    [row.requirement, row.level, row.subject, row.grade].filter((known) => known !== null).length * 10 +
    Math.min(row.tags.length, 9) -
    row.open_reports * 10_000;
  return changeable(group).toSorted((a, b) => worth(b) - worth(a))[0]?.id ?? null;
}

/** What merging a group comes to; null where there is nothing to merge. */
export function mergeOf(group: DuplicateGroup, kept: string | null): Merge | null {
  const ids = changeable(group)
    .map((row) => row.id)
    .filter((id) => id !== kept);
  return kept === null || ids.length === 0 ? null : { into: kept, ids };
}

/** In parts that the server takes at once, no group in two of them. */
export function batches(merges: readonly Merge[]): Merge[][] {
  const all: Merge[][] = [];
  let room = 0;
  for (const merge of merges) {
    if (merge.ids.length + 1 > room) {
      all.push([]);
      room = MOST_AT_ONCE;
    }
    all.at(-1)?.push(merge);
    room -= merge.ids.length + 1;
  }
  return all;
}
