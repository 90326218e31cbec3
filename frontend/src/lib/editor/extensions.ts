import { mergeAttributes, type Extensions } from "@tiptap/core";
import { Highlight } from "@tiptap/extension-highlight";
import { Subscript } from "@tiptap/extension-subscript";
import { Superscript } from "@tiptap/extension-superscript";
import { TableHeader, TableKit } from "@tiptap/extension-table";
import { Placeholder } from "@tiptap/extensions";
import { StarterKit } from "@tiptap/starter-kit";
import { safeHref } from "$lib/lesson/doc";
import { assetNodes, CalloutNode, MathBlockNode, MathInlineNode } from "./nodes";
import { Slash, type SlashHooks } from "./slash";

/**
 * A heading cell while it is being written. Drawn as a cell: an empty heading, as in each new table,
 * would be announced as one without a name. Readers get a real heading.
 */
const HeaderCell = TableHeader.extend({
  parseHTML: () => [{ tag: "th" }, { tag: "td[data-heading]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["td", mergeAttributes(HTMLAttributes, { "data-heading": "" }), 0],
});

/** The schema of a lesson. What a paste brings that is not named here is dropped by ProseMirror. */
export function lessonExtensions(words: { empty: string; line: string }, slash: SlashHooks): Extensions {
  return [
    StarterKit.configure({
      heading: { levels: [2, 3, 4] },
      link: {
        openOnClick: false,
        autolink: true,
        linkOnPaste: true,
        HTMLAttributes: { target: null, rel: null, class: "link" },
        isAllowedUri: (url) => safeHref(url) !== null,
      },
      dropcursor: { color: "currentColor", width: 2 },
    }),
    Highlight,
    Subscript,
    Superscript,
    TableKit.configure({ table: { resizable: false }, tableHeader: false }),
    HeaderCell,
    Placeholder.configure({
      placeholder: ({ editor, node }) =>
        editor.isEmpty ? words.empty : node.type.name === "paragraph" ? words.line : "",
    }),
    ...assetNodes,
    CalloutNode,
    MathBlockNode,
    MathInlineNode,
    Slash.configure(slash),
  ];
}
