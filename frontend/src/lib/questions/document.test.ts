import { expect, test } from "vitest";
import { headOf, ownersOf, type DocumentView } from "./document";
import { emptyQuestion } from "./types";

const look = {
  bold: false,
  italic: false,
  underline: false,
  strike: false,
  code: false,
  script: "normal" as const,
  colour: null,
  highlighted: false,
};
const line = (number: number, text: string) => ({
  kind: "paragraph" as const,
  number,
  label: null,
  parts: [{ kind: "text" as const, text, look }],
});
const asked = (id: number, paragraph: number) => ({
  id,
  question: { ...emptyQuestion("essay"), address: { part: null, number: id, paragraph } },
});

test("a question owns its lines, also those in tables, but neither the next part's heading nor the key", () => {
  const document: DocumentView = {
    blocks: [
      line(1, "ĐỀ KIỂM TRA"),
      line(2, "Câu 1. Hỏi?"),
      { kind: "table", rows: [[{ blocks: [line(3, "A. một")], columns: 1, rows: 1, shaded: false }]] },
      line(4, "PHẦN II. Đúng sai"),
      line(5, "Câu 1. Xét"),
      line(6, "a) đúng"),
      line(7, "------ HẾT ------"),
      line(8, "1-A 2-B"),
    ],
  };
  const owners = ownersOf(document, [asked(10, 2), asked(11, 5)]);
  expect([...owners]).toEqual([
    [2, 10],
    [3, 10],
    [5, 11],
    [6, 11],
  ]);
});

test("the head of a paper is what stands above its first question", () => {
  const document: DocumentView = {
    blocks: [line(1, "SỞ GD&ĐT\nMÔN: HÓA HỌC"), line(2, " "), line(3, "Câu 1. Hỏi?"), line(4, "Môn: Toán")],
  };
  expect(headOf(document, [asked(10, 3).question])).toEqual(["SỞ GD&ĐT", "MÔN: HÓA HỌC"]);
});
