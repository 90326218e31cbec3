import type { Editor } from "@tiptap/core";
import type { FormulaTask } from "$lib/editor/desk.svelte";

/**
 * The fields of a question that is being written share one toolbar and one formula dialog. Nodes inside
 * them are mounted by ProseMirror, outside the page's component tree, so they can't be given this by context.
 */
class Writing {
  /** The field with the cursor, or that had it last. */
  editor = $state.raw<Editor | null>(null);
  /** Counts its transactions: what is pressed is read anew after each. */
  turn = $state(0);
  formula = $state.raw<{ task: FormulaTask; put: (latex: string) => void } | null>(null);
  /** Where the pictures and sounds of the question lie. */
  media = $state<Record<string, string>>({});

  insertFormula(place: "inline" | "block"): void {
    const editor = this.editor;
    if (!editor) return;
    this.formula = {
      task: { place, latex: "", at: null },
      put: (latex) =>
        void editor
          .chain()
          .focus()
          .insertContent({ type: "math", attrs: { latex, display: place } })
          .run(),
    };
  }
  insertMedium(id: string, sound: boolean): void {
    this.editor
      ?.chain()
      .focus()
      .insertContent({ type: "medium", attrs: { id, kind: sound ? "sound" : "picture" } })
      .run();
  }
}

export const writing = new Writing();
