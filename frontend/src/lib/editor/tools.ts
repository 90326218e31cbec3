import type { Component } from "svelte";
import type { ChainedCommands, Editor } from "@tiptap/core";
import Bold from "@lucide/svelte/icons/bold";
import Highlighter from "@lucide/svelte/icons/highlighter";
import Italic from "@lucide/svelte/icons/italic";
import List from "@lucide/svelte/icons/list";
import ListOrdered from "@lucide/svelte/icons/list-ordered";
import Redo from "@lucide/svelte/icons/redo-2";
import Strikethrough from "@lucide/svelte/icons/strikethrough";
import Subscript from "@lucide/svelte/icons/subscript";
import Superscript from "@lucide/svelte/icons/superscript";
import Underline from "@lucide/svelte/icons/underline";
import Undo from "@lucide/svelte/icons/undo-2";
import type { MessageKey } from "$lib/i18n";

/** A button of a toolbar: with its icon above its word, or the word alone. */
export interface Tool {
  word: MessageKey;
  icon?: Component<{ size?: number; "aria-hidden"?: "true" }>;
  on?: boolean;
  off?: boolean;
  run: () => void;
}

interface Kind {
  word: MessageKey;
  icon?: NonNullable<Tool["icon"]>;
  /** The mark or node that is pressed while the cursor is in it. */
  pressed?: string;
  step: (chain: ChainedCommands) => ChainedCommands;
}
const KINDS = {
  bold: { icon: Bold, word: "editor.bold", pressed: "bold", step: (c) => c.toggleBold() },
  italic: { icon: Italic, word: "editor.italic", pressed: "italic", step: (c) => c.toggleItalic() },
  underline: {
    icon: Underline,
    word: "editor.underline",
    pressed: "underline",
    step: (c) => c.toggleUnderline(),
  },
  highlight: {
    icon: Highlighter,
    word: "editor.highlight",
    pressed: "highlight",
    step: (c) => c.toggleHighlight(),
  },
  bullets: { icon: List, word: "editor.bullets", pressed: "bulletList", step: (c) => c.toggleBulletList() },
  numbers: {
    icon: ListOrdered,
    word: "editor.numbers",
    pressed: "orderedList",
    step: (c) => c.toggleOrderedList(),
  },
  sub: { icon: Subscript, word: "editor.sub", pressed: "subscript", step: (c) => c.toggleSubscript() },
  sup: { icon: Superscript, word: "editor.sup", pressed: "superscript", step: (c) => c.toggleSuperscript() },
  strike: { icon: Strikethrough, word: "editor.strike", pressed: "strike", step: (c) => c.toggleStrike() },
  undo: { icon: Undo, word: "action.undo", step: (c) => c.undo() },
  redo: { icon: Redo, word: "editor.redo", step: (c) => c.redo() },
  rowAdd: { word: "editor.row_add", step: (c) => c.addRowAfter() },
  rowRemove: { word: "editor.row_remove", step: (c) => c.deleteRow() },
  columnAdd: { word: "editor.column_add", step: (c) => c.addColumnAfter() },
  columnRemove: { word: "editor.column_remove", step: (c) => c.deleteColumn() },
  cellsMerge: { word: "editor.cells_merge", step: (c) => c.mergeOrSplit() },
  headerRow: { word: "editor.header_row", step: (c) => c.toggleHeaderRow() },
  tableRemove: { word: "editor.table_remove", step: (c) => c.deleteTable() },
} satisfies Record<string, Kind>;
export type ToolName = keyof typeof KINDS;

/** Buttons for what an editor knows by itself, as they stand now; without an editor they are off. */
export function toolsOf(editor: Editor | null, ...names: ToolName[]): Tool[] {
  return names.map((name) => {
    const { word, icon, pressed, step }: Kind = KINDS[name];
    const past = name === "undo" || name === "redo";
    return {
      word,
      icon,
      on: pressed ? (editor?.isActive(pressed) ?? false) : undefined,
      off: !editor || (past && !editor.can()[name]()),
      run: () => {
        if (editor) step(editor.chain().focus()).run();
      },
    };
  });
}
