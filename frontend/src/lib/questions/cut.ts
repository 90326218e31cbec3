import { relabelled, settled } from "./keys";
import { isEmptyRich, joinRich, parseRich, richOf, type Block } from "./rich";
import { emptyQuestion, NO_RICH, type Question, type Rich } from "./types";

/** A block of a question in reading order: where a new question could begin. */
export interface Piece {
  from: "stem" | "option" | "statement" | "explanation";
  /** Which option or statement; 0 elsewhere. */
  index: number;
  /** Which of its blocks. */
  block: number;
  /** Label of the option or statement, at its first block. */
  label: string | null;
  content: Block;
}

export function pieces(question: Question): Piece[] {
  const out: Piece[] = [];
  const add = (from: Piece["from"], index: number, rich: Rich, label: string | null) =>
    parseRich(rich.html).forEach((content, block) =>
      out.push({ from, index, block, label: block === 0 ? label : null, content }),
    );
  add("stem", 0, question.stem, null);
  question.options.forEach((option, i) => add("option", i, option.content, option.label));
  question.statements.forEach((statement, i) => add("statement", i, statement.content, statement.label));
  if (question.explanation) add("explanation", 0, question.explanation, null);
  return out;
}

const before = (rich: Rich, block: number): Rich => richOf(parseRich(rich.html).slice(0, block));
const after = (rich: Rich, block: number): Rich => richOf(parseRich(rich.html).slice(block));

/** A whole question with nothing to answer by is written, not chosen. */
function plainType(question: Question): Question {
  const asks = question.options.length + question.statements.length + question.answers.length > 0;
  const needs = ["single_choice", "multiple_choice", "true_false"].includes(question.type);
  return settled(needs && !asks ? { ...question, type: "essay" } : question);
}

/**
 * Two questions of one: everything from the piece on becomes the second. What was said of the first
 * (level, points) stays with the first; nothing is said of the second but what stands in it.
 */
export function splitAt(question: Question, at: Piece): [Question, Question] {
  const { from, index, block } = at;
  const second = { ...emptyQuestion(question.type), passage: question.passage };
  second.address = { part: question.address.part, number: null, paragraph: null };
  if (question.language) second.language = question.language;
  const first = { ...question };
  if (from === "stem") {
    first.stem = before(question.stem, block);
    second.stem = after(question.stem, block);
    [first.options, second.options] = [[], question.options];
    [first.statements, second.statements] = [[], question.statements];
  } else if (from === "explanation") {
    const explanation = question.explanation ?? NO_RICH;
    first.explanation = block === 0 ? null : before(explanation, block);
    second.stem = after(explanation, block);
    second.type = "essay";
    return [plainType(first), plainType(second)];
  } else if (from === "option") {
    const option = question.options[index];
    if (!option) return [question, plainType(second)];
    const kept = question.options.slice(0, index);
    first.options = block === 0 ? kept : [...kept, { ...option, content: before(option.content, block) }];
    second.stem = after(option.content, block);
    second.options = relabelled(question.options.slice(index + 1), "upper");
    second.statements = question.statements;
    first.statements = [];
  } else {
    const statement = question.statements[index];
    if (!statement) return [question, plainType(second)];
    const kept = question.statements.slice(0, index);
    first.statements =
      block === 0 ? kept : [...kept, { ...statement, content: before(statement.content, block) }];
    second.stem = after(statement.content, block);
    second.statements = relabelled(question.statements.slice(index + 1), "lower");
  }
  // Answers and solutions stand at the end of a question.
  second.explanation = question.explanation;
  first.explanation = null;
  if (from === "stem") {
    second.answers = question.answers;
    first.answers = [];
    for (const name of ["pairs", "items", "blanks", "hints", "rubric"] as const) {
      if (question[name] !== undefined) Object.assign(second, { [name]: question[name] });
      delete first[name];
    }
  }
  return [plainType(first), plainType(second)];
}

const asksSomething = (q: Question): boolean =>
  q.options.length +
    q.statements.length +
    q.answers.length +
    (q.pairs?.length ?? 0) +
    (q.items?.length ?? 0) +
    (q.blanks?.length ?? 0) >
  0;

/** One question of two that belong together: the second's text goes where it would be read next. */
export function merge(first: Question, second: Question): Question {
  const explanation =
    first.explanation && second.explanation
      ? joinRich(first.explanation, second.explanation)
      : (first.explanation ?? second.explanation);
  const tags = [...new Set([...first.tags, ...second.tags])];
  const level = first.level ?? second.level;
  const points = first.points ?? second.points;
  const common = { explanation, tags, level, points };
  if (!asksSomething(first)) {
    // The first was only the beginning of the text.
    return settled({
      ...second,
      ...common,
      address: first.address,
      passage: first.passage ?? second.passage,
      stem: joinRich(first.stem, second.stem),
    });
  }
  if (first.options.length > 0) {
    const last = first.options.length - 1;
    const options = first.options.map((option, i) =>
      i === last && !isEmptyRich(second.stem)
        ? { ...option, content: joinRich(option.content, second.stem) }
        : option,
    );
    return settled({ ...first, ...common, options: relabelled([...options, ...second.options], "upper") });
  }
  if (first.statements.length > 0) {
    const last = first.statements.length - 1;
    const statements = first.statements.map((statement, i) =>
      i === last && !isEmptyRich(second.stem)
        ? { ...statement, content: joinRich(statement.content, second.stem) }
        : statement,
    );
    return settled({
      ...first,
      ...common,
      statements: relabelled([...statements, ...second.statements], "lower"),
    });
  }
  return settled({
    ...first,
    ...common,
    stem: joinRich(first.stem, second.stem),
    options: second.options,
    statements: second.statements,
    answers: [...first.answers, ...second.answers],
  });
}
