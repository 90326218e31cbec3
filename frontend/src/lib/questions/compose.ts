import { LABELS, relabelled, settled } from "./keys";
import { isEmptyRich, parseRich, richOf, type Block, type Inline } from "./rich";
import {
  emptyQuestion,
  NO_RICH,
  type Blank,
  type Choice,
  type Question,
  type QuestionType,
  type Statement,
} from "./types";

const choice = (at: number): Choice => ({
  label: LABELS[at] ?? "",
  content: NO_RICH,
  correct: null,
  credit: null,
});
const statement = (at: number): Statement => ({
  label: (LABELS[at] ?? "").toLowerCase(),
  content: NO_RICH,
  correct: null,
  level: null,
});
export const newBlank = (): Blank => ({ type: "short_answer", options: [], answers: [] });

/** A question just begun has the fields its type needs: four options, four statements, two pairs. */
export function withRoom(question: Question): Question {
  const next = { ...question };
  if ((next.type === "single_choice" || next.type === "multiple_choice") && next.options.length === 0)
    next.options = [0, 1, 2, 3].map(choice);
  if (next.type === "true_false" && next.statements.length === 0)
    next.statements = [0, 1, 2, 3].map(statement);
  if (next.type === "matching" && !next.pairs?.length)
    next.pairs = [1, 2].map(() => ({ left: NO_RICH, right: NO_RICH }));
  if (next.type === "ordering" && !next.items?.length) next.items = [1, 2, 3].map(() => NO_RICH);
  return next;
}
export const begun = (type: QuestionType): Question => settled(withRoom(emptyQuestion(type)));

export const addOption = (question: Question): Question =>
  settled({
    ...question,
    options: [...question.options, { ...choice(question.options.length), correct: keyedOf(question) }],
  });
/** Where a key is marked already, a further option is wrong until it is marked too. */
const keyedOf = (question: Question): boolean | null =>
  question.options.some((o) => o.correct === true) ? false : null;
export const removeOption = (question: Question, at: number): Question =>
  settled({ ...question, options: relabelled(question.options.toSpliced(at, 1), "upper") });
export const addStatement = (question: Question): Question =>
  settled({ ...question, statements: [...question.statements, statement(question.statements.length)] });
export const removeStatement = (question: Question, at: number): Question =>
  settled({ ...question, statements: relabelled(question.statements.toSpliced(at, 1), "lower") });

/** The numbers of the gaps in a text, in the order they stand there. */
export function blankNumbers(question: Question): number[] {
  const found: number[] = [];
  eachInline(parseRich(question.stem.html), (piece) => {
    if (piece.kind === "blank") found.push(piece.number);
  });
  return found;
}

/** Gaps numbered 1, 2, 3 … as they stand in the text, each with what fills it; others are gone. */
export function withBlanksInOrder(question: Question): Question {
  const tree = parseRich(question.stem.html);
  const blanks: Blank[] = [];
  eachInline(tree, (piece) => {
    if (piece.kind !== "blank") return;
    blanks.push(question.blanks?.[piece.number - 1] ?? newBlank());
    piece.number = blanks.length;
  });
  return settled({ ...question, stem: richOf(tree), blanks });
}

function eachInline(blocks: readonly Block[], see: (piece: Inline) => void): void {
  const inside = (pieces: readonly Inline[]): void => {
    for (const piece of pieces) {
      see(piece);
      if (piece.kind === "link") inside(piece.content);
    }
  };
  for (const block of blocks) {
    if (block.kind === "paragraph") inside(block.content);
    else if (block.kind === "list") block.items.forEach((item) => eachInline(item, see));
    else if (block.kind === "table") block.rows.flat().forEach((cell) => eachInline(cell.content, see));
  }
}

/** Every rich text of a question. */
export function richesOf(question: Question): string[] {
  const all = [
    question.stem,
    ...question.options.map((o) => o.content),
    ...question.statements.map((s) => s.content),
    ...(question.pairs ?? []).flatMap((pair) => [pair.left, pair.right]),
    ...(question.items ?? []),
    ...(question.blanks ?? []).flatMap((blank) => blank.options.map((o) => o.content)),
    ...(question.hints ?? []),
    question.explanation,
    question.rubric,
  ];
  return all.flatMap((rich) => (rich ? [rich.html] : []));
}

/** The question as it is saved: without fields left empty and without what its type does not have. */
export function tidied(question: Question): Question {
  let next: Question = { ...question };
  const choices = next.type === "single_choice" || next.type === "multiple_choice";
  next.options = choices
    ? relabelled(
        next.options.filter((o) => !isEmptyRich(o.content)),
        "upper",
      )
    : [];
  next.statements =
    next.type === "true_false"
      ? relabelled(
          next.statements.filter((s) => next.statements.length === 1 || !isEmptyRich(s.content)),
          "lower",
        )
      : [];
  if (next.type !== "short_answer" && next.type !== "numeric") next.answers = [];
  if (next.type === "matching")
    next.pairs = (next.pairs ?? []).filter((pair) => !isEmptyRich(pair.left) || !isEmptyRich(pair.right));
  else delete next.pairs;
  if (next.type === "ordering") next.items = (next.items ?? []).filter((item) => !isEmptyRich(item));
  else delete next.items;
  if (next.type === "cloze") next = withBlanksInOrder(next);
  else delete next.blanks;
  next.hints = (next.hints ?? []).filter((hint) => !isEmptyRich(hint));
  if (next.hints.length === 0) delete next.hints;
  if (isEmptyRich(next.explanation)) next.explanation = null;
  if (isEmptyRich(next.rubric)) delete next.rubric;
  return settled(next);
}
