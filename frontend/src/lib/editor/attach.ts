import type { Editor } from "@tiptap/core";
import { isAssetNode } from "$lib/lesson/doc";
import type { UploadItem, UploadQueue } from "$lib/upload/queue.svelte";
import { blockFor } from "./files";

/** Puts chosen or dropped files into the lesson at a position (else the cursor) and starts sending them. */
export function insertFiles(
  editor: Editor,
  queue: UploadQueue,
  files: readonly File[],
  to: { organisation: string; lesson: string; at?: number | null },
): void {
  const nodes = files.map((file) => {
    const item = queue.add(file, { organisation: to.organisation, lesson: to.lesson });
    return { type: blockFor(file), attrs: { asset: null, upload: item.id } };
  });
  // A paragraph behind, so that one can go on writing.
  const content = [...nodes, { type: "paragraph" }];
  const chain = editor.chain().focus();
  if (typeof to.at === "number") chain.insertContentAt(to.at, content).run();
  else chain.insertContent(content).run();
}

/** Tells the block of an upload which asset it became. False when the lesson has no such block. */
export function settleUpload(editor: Editor, upload: string, asset: string): boolean {
  const { tr, doc } = editor.state;
  let found = false;
  doc.descendants((node, at) => {
    if (isAssetNode(node.type.name) && node.attrs.upload === upload) {
      tr.setNodeMarkup(at, undefined, { ...node.attrs, asset, upload: null });
      found = true;
    }
    return !node.isAtom;
  });
  // Not a step of the writer's: undo must not turn a film back into a transfer.
  if (found) editor.view.dispatch(tr.setMeta("addToHistory", false));
  return found;
}

/** Whether a block still waits for an upload. */
export function waitsFor(editor: Editor, upload: string): boolean {
  let found = false;
  editor.state.doc.descendants((node) => {
    found ||= node.attrs.upload === upload;
    return !found;
  });
  return found;
}

/** Puts what arrived while nobody had the lesson open at its end. */
export function appendArrived(editor: Editor, item: UploadItem): void {
  const type = blockFor({ name: item.filename, type: "" });
  const end = editor.state.doc.content.size;
  editor.commands.insertContentAt(end, { type, attrs: { asset: item.asset } }, { updateSelection: false });
}

export function mentions(editor: Editor, asset: string): boolean {
  let found = false;
  editor.state.doc.descendants((node) => {
    found ||= node.attrs.asset === asset;
    return !found;
  });
  return found;
}
