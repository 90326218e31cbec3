import { safeHref } from "$lib/lesson/doc";
import type { Rich } from "./types";

/**
 * The rich text of questions as a tree. It comes as HTML of a small subset; whatever else it might hold
 * falls away here, and components draw the tree: no markup is ever handed to the page.
 */
export const MARKS = ["strong", "em", "u", "s", "code", "sub", "sup"] as const;
export type Mark = (typeof MARKS)[number];

export type Inline =
  | { kind: "text"; text: string; marks: Mark[] }
  | { kind: "math"; latex: string; display: "inline" | "block" }
  | { kind: "picture" | "sound"; id: string; alt: string; width: number | null }
  | { kind: "blank"; number: number }
  | { kind: "break" }
  | { kind: "link"; href: string; content: Inline[] };

export interface Cell {
  heading: boolean;
  columns: number;
  rows: number;
  content: Block[];
}
export type Block =
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "list"; numbered: boolean; items: Block[][] }
  | { kind: "table"; rows: Cell[][] }
  | { kind: "code"; text: string };

const TAG_MARKS: Record<string, Mark> = {
  strong: "strong",
  b: "strong",
  em: "em",
  i: "em",
  u: "u",
  s: "s",
  code: "code",
  sub: "sub",
  sup: "sup",
};
const BLOCK_TAGS = new Set(["p", "div", "ul", "ol", "table", "pre"]);

export function parseRich(html: string): Block[] {
  if (html === "") return [];
  // A parsed document is inert: no script of it runs and no picture of it is fetched.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return blocksOf(parsed.body.childNodes);
}

const tagOf = (node: Node): string => (node instanceof Element ? node.localName : "");

function blocksOf(nodes: Iterable<Node>): Block[] {
  const blocks: Block[] = [];
  let line: Inline[] = [];
  const flush = () => {
    const content = line;
    line = [];
    if (content.some((piece) => piece.kind !== "text" || piece.text.trim() !== ""))
      blocks.push({ kind: "paragraph", content });
  };
  for (const node of nodes) {
    const tag = tagOf(node);
    if (!BLOCK_TAGS.has(tag)) {
      inlinesOf(node, [], line);
      continue;
    }
    flush();
    const element = node as Element;
    if (tag === "ul" || tag === "ol") {
      const items = [...element.children].filter((child) => child.localName === "li");
      blocks.push({
        kind: "list",
        numbered: tag === "ol",
        items: items.map((item) => blocksOf(item.childNodes)),
      });
    } else if (tag === "table") blocks.push({ kind: "table", rows: rowsOf(element) });
    else if (tag === "pre") blocks.push({ kind: "code", text: element.textContent ?? "" });
    else blocks.push(...blocksOf(element.childNodes));
  }
  flush();
  return blocks;
}

function rowsOf(table: Element): Cell[][] {
  const span = (cell: Element, name: string) =>
    Math.min(100, Math.max(1, Number(cell.getAttribute(name)) || 1));
  return [...table.querySelectorAll("tr")]
    .filter((row) => row.closest("table") === table)
    .map((row) =>
      [...row.children]
        .filter((cell) => cell.localName === "td" || cell.localName === "th")
        .map((cell) => ({
          heading: cell.localName === "th",
          columns: span(cell, "colspan"),
          rows: span(cell, "rowspan"),
          content: blocksOf(cell.childNodes),
        })),
    );
}

function inlinesOf(node: Node, marks: Mark[], out: Inline[]): void {
  if (node.nodeType === 3) {
    const text = node.textContent ?? "";
    const last = out.at(-1);
    if (text === "") return;
    if (last?.kind === "text" && last.marks.join() === marks.join()) last.text += text;
    else out.push({ kind: "text", text, marks });
    return;
  }
  if (!(node instanceof Element)) return;
  const tag = node.localName;
  const inside = (more: Mark[]) => node.childNodes.forEach((child) => inlinesOf(child, more, out));
  const latex = node.getAttribute("data-math");
  const blank = Number(node.getAttribute("data-blank"));
  const medium = node.getAttribute("data-media");
  const mark = TAG_MARKS[tag];
  if (tag === "br") out.push({ kind: "break" });
  else if (latex !== null)
    out.push({
      kind: "math",
      latex,
      display: node.getAttribute("data-display") === "block" ? "block" : "inline",
    });
  else if (Number.isInteger(blank) && blank > 0) out.push({ kind: "blank", number: blank });
  else if ((tag === "img" || tag === "audio") && medium) {
    const width = Number(node.getAttribute("width"));
    out.push({
      kind: tag === "img" ? "picture" : "sound",
      id: medium,
      alt: node.getAttribute(tag === "img" ? "alt" : "title") ?? "",
      width: width > 0 ? width : null,
    });
  } else if (tag === "a") {
    const content: Inline[] = [];
    node.childNodes.forEach((child) => inlinesOf(child, marks, content));
    const href = safeHref(node.getAttribute("href"));
    if (href && /^(https?:|mailto:)/i.test(href)) out.push({ kind: "link", href, content });
    else out.push(...content);
  } else if (mark)
    inside(marks.includes(mark) ? marks : MARKS.filter((known) => known === mark || marks.includes(known)));
  else if (tag !== "script" && tag !== "style") inside(marks);
}

const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\u00a0", "&nbsp;");

/** The tree as HTML of the subset again, as the server writes it. */
export function richHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join("");
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${inlineHtml(block.content)}</p>`;
    case "list": {
      const tag = block.numbered ? "ol" : "ul";
      return `<${tag}>${block.items.map((item) => `<li>${insideHtml(item)}</li>`).join("")}</${tag}>`;
    }
    case "table":
      return `<table><tbody>${block.rows.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("")}</tbody></table>`;
    case "code":
      return `<pre>${escaped(block.text)}</pre>`;
  }
}

function cellHtml(cell: Cell): string {
  const tag = cell.heading ? "th" : "td";
  const columns = cell.columns > 1 ? ` colspan="${cell.columns}"` : "";
  const rows = cell.rows > 1 ? ` rowspan="${cell.rows}"` : "";
  return `<${tag}${columns}${rows}>${insideHtml(cell.content)}</${tag}>`;
}

/** A single paragraph in an item or a cell needs no tags of its own. */
function insideHtml(blocks: readonly Block[]): string {
  const only = blocks[0];
  return blocks.length === 1 && only?.kind === "paragraph" ? inlineHtml(only.content) : richHtml(blocks);
}

function inlineHtml(inlines: readonly Inline[]): string {
  return inlines
    .map((piece) => {
      switch (piece.kind) {
        case "text":
          return (
            piece.marks.map((mark) => `<${mark}>`).join("") +
            escaped(piece.text) +
            [...piece.marks]
              .reverse()
              .map((mark) => `</${mark}>`)
              .join("")
          );
        case "math":
          return `<span data-math="${escaped(piece.latex)}"${piece.display === "block" ? ' data-display="block"' : ""}></span>`;
        case "picture":
          return `<img data-media="${escaped(piece.id)}"${piece.alt ? ` alt="${escaped(piece.alt)}"` : ""}${piece.width ? ` width="${piece.width}"` : ""}>`;
        case "sound":
          return `<audio data-media="${escaped(piece.id)}"${piece.alt ? ` title="${escaped(piece.alt)}"` : ""}></audio>`;
        case "blank":
          return `<span data-blank="${piece.number}"></span>`;
        case "break":
          return "<br>";
        case "link":
          return `<a href="${escaped(piece.href)}">${inlineHtml(piece.content)}</a>`;
      }
    })
    .join("");
}

/** Plain words: formulas `$…$`, pictures `[image:img1]`, gaps `[blank:1]`; a line for each paragraph, item and row. */
export function richText(blocks: readonly Block[]): string {
  return blocks
    .flatMap((block) => {
      switch (block.kind) {
        case "paragraph":
          return [inlineText(block.content)];
        case "list":
          return block.items.map(richText);
        case "table":
          return block.rows.map((row) =>
            row.map((cell) => richText(cell.content).replaceAll("\n", " ")).join(" | "),
          );
        case "code":
          return [block.text];
      }
    })
    .join("\n")
    .trimEnd();
}

function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((piece) => {
      switch (piece.kind) {
        case "text":
          return piece.text;
        case "math":
          return `$${piece.latex}$`;
        case "picture":
          return `[image:${piece.id}]`;
        case "sound":
          return `[audio:${piece.id}]`;
        case "blank":
          return `[blank:${piece.number}]`;
        case "break":
          return "\n";
        case "link":
          return inlineText(piece.content);
      }
    })
    .join("");
}

const SCRIPTS = { sub: "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", sup: "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾" };
/** Lowered or raised digits by their own signs, where all letters have such. */
function asSigns(text: string, row: string): string {
  const at = [...text.replaceAll("−", "-")].map((letter) => "0123456789+-=()".indexOf(letter));
  return at.includes(-1) ? text : at.map((i) => row[i]).join("");
}
/** Plain words for one line of a list: `H₂O` and not `H2O`. */
export function shownText(rich: Rich): string {
  if (!rich.html.includes("<su")) return rich.text;
  const shown = (piece: Inline): Inline => {
    if (piece.kind === "link") return { ...piece, content: piece.content.map(shown) };
    const mark =
      piece.kind === "text" ? piece.marks.find((each) => each === "sub" || each === "sup") : undefined;
    return piece.kind === "text" && mark ? { ...piece, text: asSigns(piece.text, SCRIPTS[mark]) } : piece;
  };
  const inside = (block: Block): Block => {
    if (block.kind === "paragraph") return { ...block, content: block.content.map(shown) };
    if (block.kind === "list") return { ...block, items: block.items.map((item) => item.map(inside)) };
    if (block.kind !== "table") return block;
    const rows = block.rows.map((row) => row.map((cell) => ({ ...cell, content: cell.content.map(inside) })));
    return { ...block, rows };
  };
  return richText(parseRich(rich.html).map(inside));
}

/** Both forms of a tree. */
export const richOf = (blocks: readonly Block[]): Rich => ({
  html: richHtml(blocks),
  text: richText(blocks),
});

/** Both forms of HTML that an editor wrote. */
export const richFromHtml = (html: string): Rich => richOf(parseRich(html));

export const isEmptyRich = (rich: Rich | null | undefined): boolean =>
  !rich || (rich.text.trim() === "" && rich.html.trim() === "");

/** Two texts one after the other. */
export const joinRich = (first: Rich, second: Rich): Rich =>
  richOf([...parseRich(first.html), ...parseRich(second.html)]);
