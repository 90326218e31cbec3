import { expect, test } from "vitest";
import type { BoardRow, Plan, PlanPart, Template } from "./api";
import { asPaper, dayAndTime, distribution, fill, instantOf, pointsOf, readMark, readPoints, readRoster, usualPoints, worthOf, worthOfAll } from "./plan";

const part = (...ids: string[]) =>
  ({ title: "", note: "", rules: {}, items: ids.map((question_id) => ({ question_id, points: null })) }) as unknown as PlanPart;
const inside = (plan: Plan) => plan.parts.map((each) => each.items.map((item) => item.question_id));

test("questions go into the part for their kind, and none is there twice", () => {
  const plan: Plan = { parts: [part("a"), part(), part()] };
  const filled = fill(
    plan,
    ["single_choice", "true_false", null],
    [
      { id: "a", type: "single_choice" },
      { id: "b", type: "true_false" },
      { id: "c", type: "essay" },
      { id: "d", type: "single_choice" },
      { id: "d", type: "single_choice" },
    ],
  );
  expect(inside(filled)).toEqual([["a", "d"], ["b"], ["c"]]);
  expect(inside(plan)).toEqual([["a"], [], []]);
});

const national = (subject: string, short: string) =>
  ({
    id: `thpt2025-${subject}`,
    subjects: [subject],
    parts: [
      { type: "single_choice", rules: { points: { per_question: "0.25" } } },
      { type: "true_false", rules: { points: { per_question: "1" } } },
      { type: "short_answer", rules: { points: { per_question: short } } },
    ],
  }) as unknown as Template;

test("the usual points are those of the national form, or what all forms agree on", () => {
  const free = { id: "free", subjects: [], parts: [{ type: null, rules: { points: { per_question: "1" } } }] } as unknown as Template;
  const templates = [national("toan", "0.5"), national("vat-li", "0.25"), free];
  expect(usualPoints(templates, "toan")).toEqual({ single_choice: "0.25", true_false: "1", short_answer: "0.5" });
  expect(usualPoints(templates, "")).toEqual({ single_choice: "0.25", true_false: "1" });
  expect(usualPoints([], "toan")).toEqual({});
});

test("a paper's parts stay as they were, with what it says they are worth", () => {
  const { parts } = asPaper(
    [
      { id: "a", type: "single_choice", part: 1, points: null },
      { id: "b", type: "single_choice", part: 1, points: "0.5" },
      { id: "c", type: "true_false", part: 2, points: null },
      { id: "d", type: "essay", part: 4, points: null },
      { id: "e", type: "short_answer", part: 4, points: null },
      { id: "f", type: "short_answer", part: 5, points: null },
      { id: "g", type: "single_choice", part: 6, points: "0.75" },
      { id: "h", type: "single_choice", part: 6, points: "0.75" },
    ],
    { single_choice: "0.25", true_false: "1", short_answer: "0.5" },
    (part) => `Phần ${part}`,
  );
  expect(parts.map((each) => [each.title, pointsOf(each).points, each.items])).toEqual([
    ["Phần 1", "0.25", [{ question_id: "a", points: null }, { question_id: "b", points: "0.5" }]],
    ["Phần 2", "1", [{ question_id: "c", points: null }]],
    ["Phần 4", "1", [{ question_id: "d", points: null }, { question_id: "e", points: null }]],
    ["Phần 5", "0.5", [{ question_id: "f", points: null }]],
    ["Phần 6", "0.75", [{ question_id: "g", points: null }, { question_id: "h", points: null }]],
  ]);
});

test("a part tells what it is worth, where that is known", () => {
  const worth = (rules: object, points: (string | null)[], type: "single_choice" | "true_false" | "description" = "single_choice") =>
    worthOf({ rules, items: points.map((each, i) => ({ question_id: String(i), points: each })) } as unknown as PlanPart, () => type);
  expect(worth({ points: { per_question: "0.25" } }, Array(12).fill(null))).toBe(3);
  expect(worth({ points: { per_question: "0.1" } }, [null, null, "0.5"])).toBe(0.7);
  expect(worth({ points: { total: "3" } }, [null, "1"])).toBe(3);
  expect(worth({ points: { per_question: "1" }, answer_at_most: 4 }, Array(6).fill(null))).toBe(4);
  expect(worth({ points: { per_question: "1" }, answer_at_most: 1 }, [null, "2"])).toBeNull();
  expect(worth({ points: { per_statement: "0.25" } }, [null], "true_false")).toBeNull();
  expect(worth({ points: { per_question: "1" } }, [null], "description")).toBe(0);
  expect(worthOfAll({ parts: [part("a", "b"), part()] }, () => "single_choice")).toBe(2);
});

test("points are typed with a comma and stored with a point", () => {
  expect(readPoints("0,25")).toBe("0.25");
  expect(readPoints(" 3 ")).toBe("3");
  for (const wrong of ["", "0", "-1", "1,2,3", "nhiều"]) expect(readPoints(wrong)).toBeNull();
});

test("a full mark stands in the last bar, and who has not handed in stands in none", () => {
  const row = (score: string | null, handed_in = true) => ({ attempt: { handed_in, score, out_of: "10" } }) as unknown as BoardRow;
  const bars = distribution([row("10"), row("9.99"), row("7"), row("0"), row("5", false), row(null)]);
  expect(bars).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 2]);
});

test("a day and a time make an instant and come back from it", () => {
  const at = instantOf("2026-11-22", "7:30");
  expect(dayAndTime(at)).toEqual({ day: "2026-11-22", time: "07:30" });
  expect(instantOf("2026-11-22", "25:00")).toBeNull();
  expect(instantOf("", "07:30")).toBeNull();
});

test("a roster is read a name a line, with its number after a semicolon or a tab", () => {
  expect(readRoster("Trần Thị Ánh; 12\n\nLê Văn Đạt\t7\nPhạm Hà")).toEqual([
    { name: "Trần Thị Ánh", number: "12" },
    { name: "Lê Văn Đạt", number: "7" },
    { name: "Phạm Hà", number: null },
  ]);
});

test("points given by hand are a number from nothing to what the question is worth", () => {
  expect(readMark(" 0,75 ", 1)).toBe("0.75");
  expect(readMark("0", 1)).toBe("0");
  for (const wrong of ["1,01", "-0,5", "một", "", "0,12345"]) expect(readMark(wrong, 1)).toBeNull();
});
