import { mergeAttributes, Node } from "@tiptap/core";
import { calloutKind } from "$lib/lesson/callouts";
import AssetBlock from "./AssetBlock.svelte";
import CalloutBlock from "./CalloutBlock.svelte";
import FormulaBlock from "./FormulaBlock.svelte";
import FormulaInline from "./FormulaInline.svelte";
import { svelteBlock } from "./nodeview.svelte";

const fromData = (name: string) => ({
  default: "",
  parseHTML: (element: HTMLElement) => element.getAttribute(`data-${name}`) ?? "",
  renderHTML: (attrs: Record<string, unknown>) => (attrs[name] ? { [`data-${name}`]: attrs[name] } : {}),
});
const orNull = (name: string) => ({
  ...fromData(name),
  default: null,
  parseHTML: (e: HTMLElement) => e.getAttribute(`data-${name}`),
});

/** A block that shows an uploaded file; `upload` names the transfer while it has not arrived and stays on this device. */
function assetNode(name: "image" | "video" | "audio" | "file" | "pdf", texts: string[]) {
  return Node.create({
    name,
    group: "block",
    atom: true,
    draggable: true,
    addAttributes() {
      return {
        asset: orNull("asset"),
        upload: orNull("upload"),
        ...Object.fromEntries(texts.map((text) => [text, fromData(text)])),
      };
    },
    parseHTML: () => [{ tag: `figure[data-lopmo="${name}"]` }],
    renderHTML: ({ HTMLAttributes }) => ["figure", mergeAttributes(HTMLAttributes, { "data-lopmo": name })],
    addNodeView: () => svelteBlock(AssetBlock, "whole"),
  });
}

export const assetNodes = [
  assetNode("image", ["alt", "caption"]),
  assetNode("video", ["caption"]),
  assetNode("audio", ["caption"]),
  assetNode("file", ["title"]),
  assetNode("pdf", ["title"]),
];

export const CalloutNode = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({
    kind: {
      default: "note",
      parseHTML: (element: HTMLElement) => calloutKind(element.getAttribute("data-kind") ?? ""),
      renderHTML: (attrs: Record<string, unknown>) => ({ "data-kind": attrs.kind }),
    },
  }),
  parseHTML: () => [{ tag: "aside[data-lopmo=callout]" }],
  renderHTML: ({ HTMLAttributes }) => [
    "aside",
    mergeAttributes(HTMLAttributes, { "data-lopmo": "callout" }),
    0,
  ],
  addNodeView: () => svelteBlock(CalloutBlock, "holds-text"),
});

export const MathBlockNode = Node.create({
  name: "mathBlock",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ latex: fromData("latex") }),
  parseHTML: () => [{ tag: "div[data-lopmo=math]" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes, { "data-lopmo": "math" })],
  addNodeView: () => svelteBlock(FormulaBlock, "whole"),
});

export const MathInlineNode = Node.create({
  name: "mathInline",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ latex: fromData("latex") }),
  parseHTML: () => [{ tag: "span[data-lopmo=math]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes(HTMLAttributes, { "data-lopmo": "math" })],
  addNodeView: () => svelteBlock(FormulaInline, "whole", "inline"),
});
