import type { Inline } from "./rich";

/** A piece with the signs that must stay on the line of a formula; see `$lib/lesson/glue`. */
export type Glued = Inline & { open?: string; close?: string };

const SHORT = 24;

export function gluedInlines(content: readonly Inline[]): Glued[] {
  const all: Glued[] = content.map((piece) => ({ ...piece }));
  all.forEach((piece, i) => {
    if (piece.kind !== "math" || piece.display === "block" || piece.latex.length > SHORT) return;
    const [before, after] = [all[i - 1], all[i + 1]];
    if (before?.kind === "text" && before.marks.length === 0) {
      piece.open = /[([{“‘]+$/u.exec(before.text)?.[0] ?? "";
      before.text = before.text.slice(0, before.text.length - piece.open.length);
    }
    if (after?.kind === "text" && after.marks.length === 0) {
      piece.close = /^[)\]}”’,.;:!?…]+/u.exec(after.text)?.[0] ?? "";
      after.text = after.text.slice(piece.close.length);
    }
  });
  return all;
}
