import { Node, type Extensions } from "@tiptap/core";
import { Subscript } from "@tiptap/extension-subscript";
import { Superscript } from "@tiptap/extension-superscript";
import { TableKit } from "@tiptap/extension-table";
import { Placeholder } from "@tiptap/extensions";
import { StarterKit } from "@tiptap/starter-kit";
import { safeHref } from "$lib/lesson/doc";
import { svelteBlock } from "$lib/editor/nodeview.svelte";
import BlankNode from "./BlankNode.svelte";
import MathNode from "./MathNode.svelte";
import MediumNode from "./MediumNode.svelte";

const attribute = (element: HTMLElement, name: string) => element.getAttribute(name) ?? "";

const Math = Node.create({
  name: "math",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    latex: { default: "", rendered: false, parseHTML: (e: HTMLElement) => attribute(e, "data-math") },
    display: {
      default: "inline",
      rendered: false,
      parseHTML: (e: HTMLElement) => (attribute(e, "data-display") === "block" ? "block" : "inline"),
    },
  }),
  parseHTML: () => [{ tag: "span[data-math]" }],
  renderHTML: ({ node }) => [
    "span",
    {
      "data-math": String(node.attrs.latex),
      ...(node.attrs.display === "block" ? { "data-display": "block" } : {}),
    },
  ],
  addNodeView: () => svelteBlock(MathNode, "whole", "inline"),
});

const Medium = Node.create({
  name: "medium",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    id: { default: "", rendered: false, parseHTML: (e: HTMLElement) => attribute(e, "data-media") },
    kind: {
      default: "picture",
      rendered: false,
      parseHTML: (e: HTMLElement) => (e.localName === "audio" ? "sound" : "picture"),
    },
    alt: {
      default: "",
      rendered: false,
      parseHTML: (e: HTMLElement) => attribute(e, e.localName === "audio" ? "title" : "alt"),
    },
    width: { default: "", rendered: false, parseHTML: (e: HTMLElement) => attribute(e, "width") },
  }),
  parseHTML: () => [{ tag: "img[data-media]" }, { tag: "audio[data-media]" }],
  renderHTML: ({ node }) => {
    const { id, kind, alt, width } = node.attrs as Record<string, string>;
    const words = alt ? { [kind === "sound" ? "title" : "alt"]: alt } : {};
    return [kind === "sound" ? "audio" : "img", { "data-media": id, ...words, ...(width ? { width } : {}) }];
  },
  addNodeView: () => svelteBlock(MediumNode, "whole", "inline"),
});

const Blank = Node.create({
  name: "blank",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    number: { default: "1", rendered: false, parseHTML: (e: HTMLElement) => attribute(e, "data-blank") },
  }),
  parseHTML: () => [{ tag: "span[data-blank]" }],
  renderHTML: ({ node }) => ["span", { "data-blank": String(node.attrs.number) }],
  addNodeView: () => svelteBlock(BlankNode, "whole", "inline"),
});

/** The schema of a question's rich text; what a paste brings that is not named here is dropped. */
export function richExtensions(placeholder: string): Extensions {
  return [
    StarterKit.configure({
      heading: false,
      blockquote: false,
      horizontalRule: false,
      link: {
        openOnClick: false,
        autolink: false,
        HTMLAttributes: { target: null, rel: null, class: "link" },
        isAllowedUri: (url) => safeHref(url) !== null,
      },
      dropcursor: { color: "currentColor", width: 2 },
    }),
    Subscript,
    Superscript,
    TableKit.configure({ table: { resizable: false } }),
    Placeholder.configure({ placeholder: ({ editor }) => (editor.isEmpty ? placeholder : "") }),
    Math,
    Medium,
    Blank,
  ];
}
