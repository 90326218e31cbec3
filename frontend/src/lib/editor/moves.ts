import type { Editor } from "@tiptap/core";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";

/** The top-level block around a position: its index among its siblings and where it begins. */
function blockAround(editor: Editor, at: number): { index: number; start: number } {
  const { doc } = editor.state;
  const index = Math.min(doc.resolve(at).index(0), doc.childCount - 1);
  let start = 0;
  for (let i = 0; i < index; i += 1) start += doc.child(i).nodeSize;
  return { index, start };
}

/** Swaps the block at a position (else at the cursor) with its neighbour; false at the edge. */
export function moveBlock(editor: Editor, direction: -1 | 1, at?: number | null): boolean {
  const { doc, tr, selection } = editor.state;
  const { index, start } = blockAround(editor, at ?? selection.from);
  const other = index + direction;
  if (other < 0 || other >= doc.childCount) return false;
  const block = doc.child(index);
  const neighbour = doc.child(other);
  const target = direction === -1 ? start - neighbour.nodeSize : start + neighbour.nodeSize;
  tr.delete(start, start + block.nodeSize).insert(target, block);
  const moved =
    block.isAtom || at !== undefined
      ? NodeSelection.create(tr.doc, target)
      : TextSelection.near(tr.doc.resolve(Math.min(target + 1, tr.doc.content.size)));
  editor.view.dispatch(tr.setSelection(moved).scrollIntoView());
  return true;
}
