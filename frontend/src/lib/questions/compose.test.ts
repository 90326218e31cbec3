// @vitest-environment jsdom
import { expect, test } from "vitest";
import { addOption, begun, blankNumbers, tidied, withBlanksInOrder } from "./compose";
import { markOption } from "./keys";
import { richFromHtml } from "./rich";
import { emptyQuestion, type Answer } from "./types";

const answer = (text: string): Answer => ({ text, credit: null, tolerance: null, min: null, max: null });

test("a question just begun has room for what its type needs, and empty fields are not saved", () => {
  const question = begun("single_choice");
  expect(question.options.map((o) => o.label)).toEqual(["A", "B", "C", "D"]);
  const filled = {
    ...question,
    options: question.options.map((o, i) => (i === 1 ? { ...o, content: richFromHtml("hai") } : o)),
  };
  expect(tidied(filled).options.map((o) => [o.label, o.content.text])).toEqual([["A", "hai"]]);
});

test("an option added to a keyed question is wrong, not unsaid", () => {
  expect(addOption(markOption(begun("single_choice"), 0)).options[4]).toMatchObject({
    label: "E",
    correct: false,
  });
  expect(addOption(begun("single_choice")).options[4]?.correct).toBeNull();
});

test("gaps are numbered as they stand in the text and keep their answers", () => {
  const blanks = ["một", "hai", "ba"].map((text) => ({
    type: "short_answer" as const,
    options: [],
    answers: [answer(text)],
  }));
  const stem = richFromHtml(
    '<p><span data-blank="3"></span> rồi <span data-blank="1"></span> và <span data-blank="4"></span></p>',
  );
  const question = { ...emptyQuestion("cloze"), stem, blanks };
  expect(blankNumbers(question)).toEqual([3, 1, 4]);
  const ordered = withBlanksInOrder(question);
  expect(ordered.stem.text).toBe("[blank:1] rồi [blank:2] và [blank:3]");
  expect(ordered.blanks?.map((b) => b.answers[0]?.text)).toEqual(["ba", "một", undefined]);
  expect(ordered.key).toBe("missing");
});

test("what another type needed does not stay behind", () => {
  const essay = tidied({ ...begun("matching"), type: "essay", stem: richFromHtml("Viết đoạn văn") });
  expect(essay.pairs).toBeUndefined();
  expect(essay.key).toBe("none");
});
