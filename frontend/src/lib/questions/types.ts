// `lopmo.questions/1`, as the server sends and takes it (see interchange.md).

export interface Rich {
  html: string;
  text: string;
}

export const TYPES = [
  "single_choice",
  "multiple_choice",
  "true_false",
  "short_answer",
  "numeric",
  "matching",
  "ordering",
  "cloze",
  "essay",
  "description",
] as const;
export type QuestionType = (typeof TYPES)[number];

export const LEVELS = ["nb", "th", "vd", "vdc"] as const;
export type Level = (typeof LEVELS)[number];

export type KeyState = "known" | "missing" | "none";

export interface Address {
  part: number | null;
  number: number | null;
  paragraph: number | null;
}
export interface Choice {
  label: string;
  content: Rich;
  correct: boolean | null;
  /** Exact decimal from -1 to 1. */
  credit: string | null;
  feedback?: Rich | null;
  pinned?: boolean;
}
export interface Statement {
  label: string;
  content: Rich;
  correct: boolean | null;
  level: Level | null;
  feedback?: Rich | null;
}
export interface Answer {
  text: string;
  credit: string | null;
  tolerance: string | null;
  min: string | null;
  max: string | null;
  feedback?: Rich | null;
}
export interface Pair {
  left: Rich;
  right: Rich;
}
export type BlankType = "single_choice" | "multiple_choice" | "short_answer" | "numeric";
export interface Blank {
  type: BlankType;
  options: Choice[];
  answers: Answer[];
  points?: string | null;
  case_sensitive?: boolean | null;
}
export interface Question {
  address: Address;
  type: QuestionType;
  stem: Rich;
  options: Choice[];
  statements: Statement[];
  answers: Answer[];
  key: KeyState;
  level: Level | null;
  explanation: Rich | null;
  passage: string | null;
  /** Exact decimal. */
  points: string | null;
  tags: string[];
  pairs?: Pair[];
  items?: Rich[];
  blanks?: Blank[];
  hints?: Rich[];
  feedback?: Record<string, Rich>;
  rubric?: Rich | null;
  title?: string | null;
  category?: string | null;
  language?: string | null;
  source?: string | null;
  requirement?: string | null;
  external_id?: string | null;
  shuffle?: boolean | null;
  case_sensitive?: boolean | null;
}

export interface Passage {
  id: string;
  content: Rich;
}
export interface Entry {
  severity: "info" | "warning" | "error";
  code: string;
  message: string;
  address: Address | null;
  source_type: string | null;
  values?: Record<string, string>;
}
/** Where a picture or sound of a rich text lies, by its id. */
export type MediaUrls = Readonly<Record<string, string>>;

export const NO_RICH: Rich = { html: "", text: "" };

export function emptyQuestion(type: QuestionType): Question {
  return {
    address: { part: null, number: null, paragraph: null },
    type,
    stem: NO_RICH,
    options: [],
    statements: [],
    answers: [],
    key: "missing",
    level: null,
    explanation: null,
    passage: null,
    points: null,
    tags: [],
  };
}
