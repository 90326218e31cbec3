import type { Doc, DocMark, DocNode } from "$lib/api/types";

export type { Doc, DocMark, DocNode };

export const EMPTY_DOC: Doc = { type: "doc", content: [{ type: "paragraph" }] };

/** Nodes that show an uploaded file. */
export const ASSET_NODES = ["image", "video", "audio", "file", "pdf"] as const;
export type AssetNodeType = (typeof ASSET_NODES)[number];

export const isAssetNode = (type: string): type is AssetNodeType =>
  (ASSET_NODES as readonly string[]).includes(type);

export function attrText(node: DocNode, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === "string" ? value : "";
}

export function attrNumber(node: DocNode, name: string, otherwise: number): number {
  const value = node.attrs?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function* walk(node: DocNode): Generator<DocNode> {
  yield node;
  for (const child of node.content ?? []) yield* walk(child);
}

/** The words of a node and all below it. */
export function plainText(node: DocNode): string {
  if (node.text !== undefined) return node.text;
  if (node.type === "hardBreak") return " ";
  if (node.type === "mathInline" || node.type === "mathBlock") return attrText(node, "latex");
  return (node.content ?? []).map(plainText).join("");
}

export function hasFormula(doc: DocNode): boolean {
  for (const node of walk(doc)) if (node.type === "mathInline" || node.type === "mathBlock") return true;
  return false;
}

export interface Heading {
  node: DocNode;
  id: string;
  level: number;
  text: string;
}

/**
 * The headings for the table of contents, each with an anchor made of its words, so that a link
 * sent in a chat reads well and survives edits elsewhere.
 */
export function headings(doc: DocNode): Heading[] {
  const seen = new Map<string, number>();
  const found: Heading[] = [];
  for (const node of doc.content ?? []) {
    if (node.type !== "heading") continue;
    const text = plainText(node).trim();
    if (!text) continue;
    const base = slug(text) || "muc";
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    found.push({
      node,
      id: times === 1 ? base : `${base}-${times}`,
      level: attrNumber(node, "level", 2),
      text,
    });
  }
  return found;
}

/** ASCII words joined by hyphens; đ is not a composed letter, so it is named. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/đ/g, "d")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}

/** A link a page may carry: the web, mail, telephone, or a place on this server. Anything else is null. */
export function safeHref(href: unknown): string | null {
  if (typeof href !== "string") return null;
  const trimmed = href.trim();
  if (/^(https?:\/\/|mailto:|tel:)/i.test(trimmed)) return trimmed;
  if (/^(\/(?![/\\])|#)/.test(trimmed)) return trimmed;
  return null;
}

/** Two texts as one: the second below the first, under a rule and a heading that says where it comes from. */
export function joined(first: Doc, second: Doc, heading: string): Doc {
  const between: DocNode[] = [
    { type: "horizontalRule" },
    { type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: heading }] },
  ];
  return { ...first, content: [...(first.content ?? []), ...between, ...(second.content ?? [])] };
}

/** The document as the server may keep it: without blocks whose file has not arrived, without marks of ours. */
export function withoutPending(doc: Doc): Doc {
  const clean = (node: DocNode): DocNode | null => {
    if (isAssetNode(node.type)) {
      if (!attrText(node, "asset")) return null;
      const { upload: _upload, ...attrs } = node.attrs ?? {};
      return { ...node, attrs };
    }
    if (!node.content) return node;
    const content = node.content.map(clean).filter((child): child is DocNode => child !== null);
    return { ...node, content };
  };
  const content = clean(doc)?.content;
  return content?.length ? { ...doc, content } : EMPTY_DOC;
}

export function hasPending(doc: DocNode): boolean {
  for (const node of walk(doc)) if (isAssetNode(node.type) && !attrText(node, "asset")) return true;
  return false;
}
