import type { Question } from "./types";

// A paper as it looked: the server's Document JSON.

export interface Look {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  code: boolean;
  script: "normal" | "sub" | "super";
  colour: [number, number, number] | null;
  highlighted: boolean;
}
export type Part =
  | { kind: "text"; text: string; look: Look }
  | { kind: "math"; latex: string; display: "inline" | "block" }
  | { kind: "media"; id: string; media: "picture" | "audio"; alt: string; width: number | null }
  | { kind: "tab" }
  | { kind: "break" };
export interface Paragraph {
  kind: "paragraph";
  number: number;
  label: { text: string; look: Look; list: number; depth: number } | null;
  parts: Part[];
}
export interface TableBlock {
  kind: "table";
  rows: { blocks: DocumentBlock[]; columns: number; rows: number; shaded: boolean }[][];
}
export type DocumentBlock = Paragraph | TableBlock;
export interface DocumentView {
  blocks: DocumentBlock[];
}

export function* paragraphs(blocks: readonly DocumentBlock[]): Generator<Paragraph> {
  for (const block of blocks) {
    if (block.kind === "paragraph") yield block;
    else for (const row of block.rows) for (const cell of row) yield* paragraphs(cell.blocks);
  }
}

export const wordsOf = (paragraph: Paragraph): string =>
  (paragraph.label ? `${paragraph.label.text} ` : "") +
  paragraph.parts
    .map((part) =>
      part.kind === "text" ? part.text : part.kind === "tab" ? "\t" : part.kind === "math" ? "x" : " ",
    )
    .join("");

/** Lines above the first question: what a paper says of itself. */
export function headOf(document: DocumentView, questions: readonly Question[]): string[] {
  const first = Math.min(...questions.map((question) => question.address.paragraph ?? Infinity));
  const lines: string[] = [];
  for (const paragraph of paragraphs(document.blocks)) {
    if (paragraph.number >= first || lines.length >= MOST_LINES) break;
    lines.push(...wordsOf(paragraph).split("\n"));
  }
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}
const MOST_LINES = 30;

/** Lines that end the question above them without being part of the next. */
const ENDS = /^\s*([-–—=_*.\s]*h[ếê]t\b|ph[ầâ]n\s+([ivx]+|\d)|đáp án\s*$|bảng đáp án)/iu;

/** Which question each paragraph belongs to: from the paragraph it begins at to the next question's. */
export function ownersOf(
  document: DocumentView,
  questions: readonly { id: number; question: Question }[],
): Map<number, number> {
  const starts = new Map<number, number>();
  for (const { id, question } of questions) {
    const at = question.address.paragraph;
    if (at !== null && !starts.has(at)) starts.set(at, id);
  }
  const owners = new Map<number, number>();
  let owner: number | null = null;
  for (const paragraph of paragraphs(document.blocks)) {
    const begins = starts.get(paragraph.number);
    if (begins !== undefined) owner = begins;
    else if (ENDS.test(wordsOf(paragraph))) owner = null;
    if (owner !== null) owners.set(paragraph.number, owner);
  }
  return owners;
}
