import { describe, expect, test } from "vitest";
import { changeType, decimal, markOption, markStatement, setAnswers, settled } from "./keys";
import { emptyQuestion, type Question, type QuestionType } from "./types";

const rich = (text: string) => ({ html: `<p>${text}</p>`, text });
function choice(...correct: (boolean | null)[]): Question {
  const options = correct.map((right, i) => ({
    label: "ABCD"[i] ?? "",
    content: rich(`${i}`),
    correct: right,
    credit: null,
  }));
  return settled({ ...emptyQuestion("single_choice"), options });
}
const marks = (question: Question) => question.options.map((option) => option.correct);

describe("marking the key", () => {
  test("a click on a letter makes it the one right option", () => {
    const keyed = markOption(choice(null, null, null, null), 2);
    expect(marks(keyed)).toEqual([false, false, true, false]);
    expect(keyed.key).toBe("known");
    expect(marks(markOption(keyed, 0))).toEqual([true, false, false, false]);
  });

  test("of several choices a click turns one over", () => {
    const several = changeType(choice(true, false, false, false), "multiple_choice");
    expect(marks(markOption(several, 3))).toEqual([true, false, false, true]);
    expect(markOption(several, 0).key).toBe("missing");
  });

  test("a statement is Đúng, Sai, or not said any more when clicked again; a blank is never Sai", () => {
    const asked = changeType(choice(null, null, null, null), "true_false");
    const once = markStatement(asked, 1, false);
    expect(once.statements.map((s) => s.correct)).toEqual([null, false, null, null]);
    expect(once.key).toBe("missing");
    expect(markStatement(once, 1, false).statements[1]?.correct).toBeNull();
    const all = [0, 1, 2, 3].reduce((q, i) => markStatement(q, i, i % 2 === 0), asked);
    expect(all.key).toBe("known");
  });

  test("short answers are typed with bars between the variants", () => {
    const answered = setAnswers(emptyQuestion("short_answer"), "12,5 | 12.5||12,5");
    expect(answered.answers.map((a) => a.text)).toEqual(["12,5", "12.5"]);
    expect(answered.key).toBe("known");
    expect(setAnswers(answered, " ").key).toBe("missing");
  });
});

describe("changing the type", () => {
  test("no key is guessed: one right option says nothing of four statements", () => {
    const asked = changeType(choice(false, true, false, false), "true_false");
    expect(asked.statements.map((s) => [s.label, s.correct])).toEqual([
      ["a", null],
      ["b", null],
      ["c", null],
      ["d", null],
    ]);
    expect(asked.key).toBe("missing");
  });

  test("statements become options again with their letters", () => {
    const back = changeType(changeType(choice(null, null), "true_false"), "single_choice");
    expect(back.options.map((o) => [o.label, o.content.text])).toEqual([
      ["A", "0"],
      ["B", "1"],
    ]);
    expect(back.statements).toEqual([]);
  });

  test("several right options are not made into one by chance", () => {
    const several: Question = { ...choice(true, true, false), type: "multiple_choice" };
    expect(marks(changeType(several, "single_choice"))).toEqual([null, null, null]);
  });

  test("essays have no key", () => {
    for (const type of ["essay", "description"] as QuestionType[])
      expect(changeType(choice(true, false), type).key).toBe("none");
  });
});

test("numbers are typed with a comma", () => {
  expect(["0,25", " 1 ", "", "x", "1.5"].map(decimal)).toEqual(["0.25", "1", null, undefined, "1.5"]);
});
