import { attrText, type DocNode } from "./doc";

/** A node with the signs that must stay on the line of a formula. */
export type GluedNode = DocNode & { open?: string; close?: string };

/** A longer formula has places of its own where it may be broken; held together it would be too wide for a phone. */
const SHORT = 24;

/**
 * Gives a short formula the bracket before it and the full stop or bracket behind it: browsers break a
 * line on both sides of a formula, and a lone “)” would begin the next.
 */
export function glued(nodes: readonly DocNode[]): GluedNode[] {
  const all: GluedNode[] = nodes.map((node) => ({ ...node }));
  const plain = (node: GluedNode | undefined) => node?.type === "text" && !node.marks?.length;
  all.forEach((node, i) => {
    if (node.type !== "mathInline" || node.marks?.length || attrText(node, "latex").length > SHORT) return;
    const [before, after] = [all[i - 1], all[i + 1]];
    if (before && plain(before)) {
      node.open = /[([{“‘]+$/u.exec(before.text ?? "")?.[0] ?? "";
      before.text = (before.text ?? "").slice(0, (before.text ?? "").length - node.open.length);
    }
    if (after && plain(after)) {
      node.close = /^[)\]}”’,.;:!?…]+/u.exec(after.text ?? "")?.[0] ?? "";
      after.text = (after.text ?? "").slice(node.close.length);
    }
  });
  return all;
}
