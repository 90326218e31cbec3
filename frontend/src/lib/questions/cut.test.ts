// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { merge, pieces, splitAt } from "./cut";
import { settled } from "./keys";
import { richFromHtml } from "./rich";
import { emptyQuestion, type Question } from "./types";

const rich = (...lines: string[]) => richFromHtml(lines.map((line) => `<p>${line}</p>`).join(""));
const asked = (stem: string[], options: string[][], right = -1): Question =>
  settled({
    ...emptyQuestion("single_choice"),
    address: { part: 1, number: 7, paragraph: 40 },
    stem: rich(...stem),
    options: options.map((lines, i) => ({
      label: "ABCDEFGH"[i] ?? "",
      content: rich(...lines),
      correct: right < 0 ? null : i === right,
      credit: null,
    })),
  });
const texts = (question: Question) => [
  question.stem.text,
  ...question.options.map((o) => `${o.label}. ${o.content.text}`),
];

describe("splitting", () => {
  test("at a paragraph of the stem: the options go with the second question", () => {
    const question = {
      ...asked(["Câu mở đầu", "Câu hỏi thật"], [["một"], ["hai"]], 1),
      level: "nb" as const,
      points: "0.25",
    };
    const at = pieces(question)[1];
    const [first, second] = at ? splitAt(question, at) : [];
    expect(first?.stem.text).toBe("Câu mở đầu");
    expect(first?.type).toBe("essay");
    expect(first?.level).toBe("nb");
    expect(second && texts(second)).toEqual(["Câu hỏi thật", "A. một", "B. hai"]);
    expect([second?.key, second?.level, second?.points]).toEqual(["known", null, null]);
    expect(second?.address).toEqual({ part: 1, number: null, paragraph: null });
  });

  test("inside an option that swallowed the next question", () => {
    const question = asked(["Hỏi?"], [["một"], ["hai", "Câu sau?"], ["ba"], ["bốn"]], 0);
    const at = pieces(question).find((piece) => piece.from === "option" && piece.block === 1);
    const [first, second] = at ? splitAt(question, at) : [];
    expect(first && texts(first)).toEqual(["Hỏi?", "A. một", "B. hai"]);
    expect(second && texts(second)).toEqual(["Câu sau?", "A. ba", "B. bốn"]);
    expect(second?.key).toBe("missing");
  });
});

describe("joining", () => {
  test("the beginning of a text and its question become one", () => {
    const start = { ...asked(["Cho hàm số"], []), type: "essay" as const };
    const joined = merge(start, asked(["Tìm cực trị?"], [["một"], ["hai"]], 1));
    expect(texts(joined)).toEqual(["Cho hàm số\nTìm cực trị?", "A. một", "B. hai"]);
    expect(joined.type).toBe("single_choice");
    expect(joined.key).toBe("known");
    expect(joined.address.number).toBe(7);
  });

  test("options read as two questions get their letters in order", () => {
    const joined = merge(asked(["Hỏi?"], [["một"], ["hai"]]), asked([], [["ba"], ["bốn"]]));
    expect(texts(joined)).toEqual(["Hỏi?", "A. một", "B. hai", "C. ba", "D. bốn"]);
  });

  test("what was split is joined again to the same words", () => {
    const question = asked(["Một", "Hai"], [["a"], ["b"]], 0);
    const at = pieces(question)[1];
    const [first, second] = at ? splitAt(question, at) : [];
    expect(first && second && texts(merge(first, second))).toEqual(texts(question));
  });
});
