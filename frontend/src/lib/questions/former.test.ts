import { expect, test } from "vitest";
import { withRoom } from "./compose";
import { Former } from "./former";
import { markOption, setAnswers, settled } from "./keys";
import { emptyQuestion, type Question, type QuestionType } from "./types";

const rich = (text: string) => ({ html: `<p>${text}</p>`, text });
function choice(type: QuestionType, ...correct: boolean[]): Question {
  const options = correct.map((right, i) => ({
    label: "ABCD"[i] ?? "",
    content: rich(`phương án ${i}`),
    correct: right,
    credit: null,
  }));
  return settled({ ...emptyQuestion(type), options });
}
const through = (former: Former, from: Question, ...types: QuestionType[]) =>
  types.reduce((question, type) => former.retype(question, type), from);

test("a question comes back from another type with its options and its key", () => {
  const single = choice("single_choice", false, true, false, false);
  expect(through(new Former(), single, "short_answer", "single_choice")).toEqual(single);
  expect(through(new Former(), single, "essay", "short_answer", "true_false", "single_choice")).toEqual(
    single,
  );
  const several = choice("multiple_choice", true, false, true, false);
  expect(through(new Former(), several, "single_choice", "multiple_choice")).toEqual(several);
});

test("what was marked since stays, and only what would be empty comes back", () => {
  const former = new Former();
  const several = choice("multiple_choice", true, false, true, false);
  const marked = markOption(former.retype(several, "single_choice"), 1);
  const back = former.retype(marked, "multiple_choice");
  expect(back.options.map((option) => option.correct)).toEqual([false, true, false, false]);

  const asked = setAnswers(former.retype(back, "short_answer"), "12,5");
  const again = former.retype(asked, "multiple_choice");
  expect(again.options.map((option) => option.content.text)).toEqual(
    several.options.map((option) => option.content.text),
  );
  expect(former.retype(again, "short_answer").answers.map((answer) => answer.text)).toEqual(["12,5"]);
});

test("in the editor the empty fields of a new type do not count as something written", () => {
  const former = new Former();
  const single = choice("single_choice", true, false);
  const matching = former.retype(single, "matching", withRoom);
  expect(matching.pairs).toHaveLength(2);
  expect(former.retype(matching, "single_choice", withRoom).options).toEqual(single.options);
});
