import type { Snippet } from "svelte";

/** What a click on a question's key does, where it may be marked. */
export interface Marking {
  option: (at: number) => void;
  statement: (at: number, correct: boolean) => void;
  blank?: (blank: number, at: number) => void;
  /** The field for short answers. */
  answers?: Snippet;
}
