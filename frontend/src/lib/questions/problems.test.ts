import { expect, test } from "vitest";
import { mayBeSeen, problemsOf, questionAt, withoutKeyDoubts } from "./problems";
import { emptyQuestion, type Entry, type KeyState, type Question } from "./types";

const asked = (
  part: number | null,
  number: number,
  paragraph: number,
  key: KeyState = "known",
): Question => ({
  ...emptyQuestion("single_choice"),
  address: { part, number, paragraph },
  key,
});
const entry = (
  code: string,
  part: number | null,
  number: number | null,
  paragraph: number | null = null,
): Entry => ({
  severity: "warning",
  code,
  message: code,
  address: { part, number, paragraph },
  source_type: null,
});
const paper = [asked(1, 1, 3), asked(1, 2, 8, "missing"), asked(2, 1, 14), asked(2, 2, 20)];

test("an entry finds its question by part and number, else by its paragraph", () => {
  expect(questionAt(paper, entry("x", 2, 1).address)).toBe(2);
  expect(questionAt(paper, entry("x", null, null, 15).address)).toBe(2);
  expect(questionAt(paper, entry("x", null, null, 1).address)).toBeNull();
  expect(questionAt([asked(1, 4, 3), asked(1, 4, 30)], entry("x", 1, 4, 30).address)).toBe(1);
});

test("problems come in the paper's order, and a missing key is told once", () => {
  const report = [
    entry("missing-figure", 2, 2),
    entry("key-missing", 1, 2),
    { ...entry("revisions", null, null), severity: "info" as const },
  ];
  expect(problemsOf(paper, report).map((p) => [p.code, p.question])).toEqual([
    ["key-missing", 1],
    ["missing-figure", 3],
  ]);
  expect(problemsOf(paper, []).map((p) => [p.kind, p.question])).toEqual([["key", 1]]);
});

test("once the key is marked its doubt is gone, other doubts stay", () => {
  const report = [entry("key-missing", 1, 2), entry("key-conflict", 1, 2), entry("option-empty", 1, 2)];
  const keyed = paper.map((q, i) => (i === 1 ? { ...q, key: "known" as const } : q));
  expect(problemsOf(keyed, report).map((p) => p.code)).toEqual(["key-conflict", "option-empty"]);
  expect(withoutKeyDoubts(report, keyed, 1).map((e) => e.code)).toEqual(["option-empty"]);
});

test("a look settles every doubt but a key that is missing still", () => {
  expect(mayBeSeen(entry("missing-figure", null, 1), asked(null, 1, 1))).toBe(true);
  expect(mayBeSeen(entry("key-missing", null, 1), asked(null, 1, 1, "missing"))).toBe(false);
  expect(mayBeSeen(entry("key-missing", null, 1), asked(null, 1, 1))).toBe(true);
});
