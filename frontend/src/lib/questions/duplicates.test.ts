import { expect, test } from "vitest";
import type { DuplicateGroup, QuestionRow } from "./api";
import { batches, bestOf, mergeOf } from "./duplicates";

const row = (id: string, part: Partial<QuestionRow> = {}) =>
  ({
    id,
    key: "known",
    use_count: 0,
    requirement: null,
    level: null,
    subject: null,
    grade: null,
    tags: [],
    open_reports: 0,
    can_edit: true,
    ...part,
  }) as unknown as QuestionRow;
const group = (...questions: QuestionRow[]): DuplicateGroup => ({ same: true, questions });

test("the one that most is known of stays: with a key, in use, with its place", () => {
  expect(bestOf(group(row("a", { key: "missing", use_count: 9 }), row("b")))).toBe("b");
  expect(bestOf(group(row("a", { level: "th" }), row("b", { use_count: 1 })))).toBe("b");
  expect(bestOf(group(row("a"), row("b", { level: "th" })))).toBe("b");
  expect(bestOf(group(row("a"), row("b")))).toBe("a");
  expect(bestOf(group(row("a", { can_edit: false, use_count: 5 }), row("b")))).toBe("b");
});

test("questions of others stay as they are, and one alone is nothing to merge", () => {
  expect(mergeOf(group(row("a"), row("b"), row("c", { can_edit: false })), "a")).toEqual({
    into: "a",
    ids: ["b"],
  });
  expect(mergeOf(group(row("a"), row("b", { can_edit: false })), "a")).toBeNull();
});

test("very many go in parts, and no group is cut", () => {
  const merges = Array.from({ length: 300 }, (_, i) => ({ into: `k${i}`, ids: [`a${i}`, `b${i}`] }));
  const parts = batches(merges);
  expect(parts.map((part) => part.length)).toEqual([166, 134]);
  expect(parts.flat()).toEqual(merges);
});
