import type { Editor } from "@tiptap/core";
import type { FormulaPlace } from "$lib/lesson/formula";

/** A formula being written: a new one at the cursor, or one that stands at a position. */
export interface FormulaTask {
  place: FormulaPlace;
  latex: string;
  at: number | null;
}

/**
 * What the blocks inside the editor ask of the page around it. Blocks are mounted by ProseMirror,
 * outside the page's component tree, so they can't be given this by context; there is one editor
 * on a page at a time.
 */
class Desk {
  editor = $state.raw<Editor | null>(null);
  formula = $state.raw<FormulaTask | null>(null);
  /** Asset whose captions and chapters are open. */
  captions = $state<string | null>(null);
}

export const desk = new Desk();
