import { expect, test } from "vitest";
import { askedAndRest, plainPieces } from "./plain";

test("formulas and pictures are told from the words around them", () => {
  expect(plainPieces("Cho $x^2$ ở [image:img1], [blank:2]")).toEqual([
    { kind: "text", text: "Cho ", from: 0 },
    { kind: "math", latex: "x^2" },
    { kind: "text", text: " ở ", from: 9 },
    { kind: "picture" },
    { kind: "text", text: ", ", from: 24 },
    { kind: "blank" },
  ]);
  expect(plainPieces("giá 5$ thôi")).toEqual([{ kind: "text", text: "giá 5$ thôi", from: 0 }]);
  expect(plainPieces("giá 5$ là rẻ, 6$ là đắt")).toEqual([
    { kind: "text", text: "giá 5$ là rẻ, 6$ là đắt", from: 0 },
  ]);
  expect(plainPieces("với x$ là số, $y$")).toEqual([
    { kind: "text", text: "với x$ là số, ", from: 0 },
    { kind: "math", latex: "y" },
  ]);
  expect(plainPieces("$ x $$\\text{là số} $")).toEqual([
    { kind: "math", latex: " x " },
    { kind: "math", latex: "\\text{là số} " },
  ]);
});

test("in a list the question stands before its options and answers", () => {
  expect(askedAndRest("Hỏi?\nmột\n\nhai")).toEqual({ asked: "Hỏi?", rest: "một · hai" });
  expect(askedAndRest("")).toEqual({ asked: "", rest: "" });
});
