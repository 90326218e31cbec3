import type { NodeViewRenderer, NodeViewRendererProps } from "@tiptap/core";
import type { Node as ProseNode } from "@tiptap/pm/model";
import { mount, unmount, type Component } from "svelte";

/** What a block drawn by Svelte knows of itself in the editor. */
export interface BlockProps {
  node: ProseNode;
  selected: boolean;
  /** Changes attributes in place, as one step that can be undone. */
  change: (attrs: Record<string, unknown>) => void;
  /** Takes the block out. */
  remove: () => void;
  /** Where it stands; null once it is gone. */
  place: () => number | null;
}

/** An attribute as text; empty when it is anything else. */
export function attrOf(node: ProseNode, name: string): string {
  const value: unknown = node.attrs[name];
  return typeof value === "string" ? value : "";
}

/** Whether text is written inside the block (a callout) or the block is one thing (a film). */
export type BlockKind = "holds-text" | "whole";

/** Draws a node of the document with a Svelte component. */
export function svelteBlock(
  view: Component<BlockProps>,
  kind: BlockKind,
  inline: "inline" | "block" = "block",
): NodeViewRenderer {
  return (given: NodeViewRendererProps) => {
    const dom = document.createElement(inline === "inline" ? "span" : "div");
    dom.classList.add(inline === "inline" ? "inline-view" : "block-view");
    const face = document.createElement(inline === "inline" ? "span" : "div");
    face.contentEditable = "false";
    dom.append(face);
    let contentDOM: HTMLElement | undefined;
    if (kind === "holds-text") {
      contentDOM = document.createElement("div");
      contentDOM.classList.add("block-text");
      dom.append(contentDOM);
    }
    const { editor } = given;
    let node = given.node;
    const place = () => {
      const at = given.getPos();
      return typeof at === "number" ? at : null;
    };
    const props = $state<BlockProps>({
      node,
      selected: false,
      change(attrs) {
        const at = place();
        if (at === null) return;
        editor.view.dispatch(editor.state.tr.setNodeMarkup(at, undefined, { ...node.attrs, ...attrs }));
      },
      remove() {
        const at = place();
        if (at === null) return;
        editor
          .chain()
          .focus()
          .deleteRange({ from: at, to: at + node.nodeSize })
          .run();
      },
      place,
    });
    dom.dataset.kind = String(node.attrs.kind ?? "");
    const drawn = mount(view, { target: face, props });
    return {
      dom,
      contentDOM,
      update(next) {
        if (next.type !== node.type) return false;
        node = next;
        props.node = next;
        dom.dataset.kind = String(next.attrs.kind ?? "");
        return true;
      },
      selectNode() {
        props.selected = true;
        dom.classList.add("chosen");
      },
      deselectNode() {
        props.selected = false;
        dom.classList.remove("chosen");
      },
      // What happens in the block's own fields and player is none of the editor's business.
      stopEvent: (event) =>
        face.contains(event.target as Node) &&
        !/^drag|^drop/.test(event.type) &&
        (event.target as HTMLElement).closest(
          "input, textarea, button, select, a, label, [role=slider], video",
        ) !== null,
      ignoreMutation: (mutation) => !contentDOM?.contains(mutation.target) || mutation.type === "selection",
      destroy() {
        void unmount(drawn);
      },
    };
  };
}
