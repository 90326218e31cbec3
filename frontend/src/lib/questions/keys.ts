import type { Answer, Blank, Choice, KeyState, Level, Question, QuestionType, Statement } from "./types";

const choicesKeyed = (options: readonly Choice[]): boolean =>
  options.every((option) => option.correct !== null) && options.some((option) => option.correct === true);

const blankKeyed = (blank: Blank): boolean =>
  blank.type === "single_choice" || blank.type === "multiple_choice"
    ? choicesKeyed(blank.options)
    : blank.answers.length > 0;

/** What is known of a question's key; the server works it out in the same way. */
export function keyOf(question: Question): KeyState {
  const known = (is: boolean): KeyState => (is ? "known" : "missing");
  switch (question.type) {
    case "essay":
    case "description":
      return "none";
    case "single_choice":
    case "multiple_choice":
      return known(choicesKeyed(question.options));
    case "true_false":
      return known(question.statements.length > 0 && question.statements.every((s) => s.correct !== null));
    case "short_answer":
    case "numeric":
      return known(question.answers.length > 0);
    case "matching":
      return known((question.pairs ?? []).length > 0);
    case "ordering":
      return known((question.items ?? []).length > 0);
    case "cloze":
      return known((question.blanks ?? []).length > 0 && (question.blanks ?? []).every(blankKeyed));
  }
}

export const settled = (question: Question): Question => ({ ...question, key: keyOf(question) });

/**
 * A click on an option's letter. Of one choice it becomes the right one and all others wrong; of several
 * it is turned over. A credit that was said for another key would contradict it and goes.
 */
export function markOption(question: Question, at: number): Question {
  return settled({ ...question, options: marked(question.options, at, question.type === "multiple_choice") });
}

function marked(options: readonly Choice[], at: number, several: boolean): Choice[] {
  return options.map((option, i) => {
    const right = several ? (i === at ? option.correct !== true : option.correct === true) : i === at;
    return { ...option, correct: right, credit: option.correct === right ? option.credit : null };
  });
}

/** A click on a letter among the options of a gap. */
export function markBlank(question: Question, blank: number, at: number): Question {
  const blanks = (question.blanks ?? []).map((gap, i) =>
    i === blank ? { ...gap, options: marked(gap.options, at, gap.type === "multiple_choice") } : gap,
  );
  return settled({ ...question, blanks });
}

/** Đúng or Sai for one statement; the same again takes it back to not said. */
export function markStatement(question: Question, at: number, correct: boolean): Question {
  const statements = question.statements.map((statement, i) =>
    i === at ? { ...statement, correct: statement.correct === correct ? null : correct } : statement,
  );
  return settled({ ...question, statements });
}

const answer = (text: string): Answer => ({ text, credit: null, tolerance: null, min: null, max: null });

/** Accepted answers as typed, variants parted by `|`; what was said of an answer before stays with it. */
export function withAnswers(before: readonly Answer[], typed: string): Answer[] {
  const texts = typed
    .split("|")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  return [...new Set(texts)].map((text) => before.find((old) => old.text === text) ?? answer(text));
}
export const answersText = (answers: readonly Answer[]): string => answers.map((a) => a.text).join(" | ");

export function setAnswers(question: Question, typed: string): Question {
  return settled({ ...question, answers: withAnswers(question.answers, typed) });
}

export const LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Letters in order: A, B, C … for options, a, b, c … for statements. */
export const relabelled = <T extends { label: string }>(items: readonly T[], look: "upper" | "lower"): T[] =>
  items.map((item, i) => {
    const letter = LABELS[i] ?? String(i + 1);
    return { ...item, label: look === "upper" ? letter : letter.toLowerCase() };
  });

const statementOf = (option: Choice): Statement => ({
  label: option.label,
  content: option.content,
  correct: option.correct,
  level: null,
});
const optionOf = (statement: Statement): Choice => ({
  label: statement.label,
  content: statement.content,
  correct: statement.correct,
  credit: null,
});

/**
 * The same question as another type. What can be carried is carried (options become statements, and a
 * key stays where it means the same); nothing is invented.
 */
export function changeType(question: Question, type: QuestionType): Question {
  if (type === question.type) return question;
  const next: Question = { ...question, type };
  const listed: Choice[] = question.options.length > 0 ? question.options : question.statements.map(optionOf);
  switch (type) {
    case "single_choice":
    case "multiple_choice": {
      const right = listed.filter((option) => option.correct === true).length;
      // Several right ones cannot all be the one.
      const options =
        type === "single_choice" && right > 1 ? listed.map((o) => ({ ...o, correct: null })) : listed;
      return settled({ ...next, options: relabelled(options, "upper"), statements: [], answers: [] });
    }
    case "true_false": {
      const statements =
        question.statements.length > 0 ? question.statements : question.options.map(statementOf);
      // One right option of four says nothing of the other three as statements.
      const meant = question.type === "multiple_choice" || question.statements.length > 0;
      const kept = meant ? statements : statements.map((s) => ({ ...s, correct: null }));
      return settled({ ...next, statements: relabelled(kept, "lower"), options: [], answers: [] });
    }
    case "short_answer":
    case "numeric":
      return settled({ ...next, options: [], statements: [] });
    default:
      return settled(next);
  }
}

export const setLevel = (question: Question, level: Level | null): Question => ({ ...question, level });

/** "0,25" as a person types it; null for nothing, undefined for what is no number. */
export function decimal(typed: string): string | null | undefined {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  return /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? text : undefined;
}
/** An exact decimal with the comma people here write. */
export const decimalText = (exact: string | null | undefined, comma: boolean): string =>
  exact ? (comma ? exact.replace(".", ",") : exact) : "";
