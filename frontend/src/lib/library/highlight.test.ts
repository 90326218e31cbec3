import { expect, test } from "vitest";
import { pieces } from "./highlight";

const show = (text: string, ranges: [number, number][]) =>
  pieces(text, ranges)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("");

test("found words are marked where the server says", () => {
  expect(show("Định luật Ôm", [[5, 9]])).toBe("Định [luật] Ôm");
});

test("ranges out of order or overlapping mark each letter once", () => {
  expect(
    show("abcdef", [
      [3, 5],
      [0, 2],
      [4, 6],
    ]),
  ).toBe("[ab]c[de][f]");
});

test("a range past the end of the text is clipped", () => {
  expect(
    show("abc", [
      [2, 99],
      [50, 60],
    ]),
  ).toBe("ab[c]");
});
