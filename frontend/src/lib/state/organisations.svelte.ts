import { body, client } from "$lib/api/client";
import type { Organisation } from "$lib/api/types";

export async function loadOrganisations(): Promise<Organisation[]> {
  const { items } = await body<{ items: Organisation[] }>(client.GET("/api/organisations"));
  return items;
}

/** "Sở GD&ĐT › Cụm 1": the names above a node, topmost first; empty at the top. */
export function orgPath(all: readonly Organisation[], node: Organisation): string {
  const names: string[] = [];
  const seen = new Set([node.id]);
  let parent = all.find((other) => other.id === node.parent_id);
  while (parent && !seen.has(parent.id)) {
    names.unshift(parent.name);
    seen.add(parent.id);
    const above: string | null = parent.parent_id;
    parent = all.find((other) => other.id === above);
  }
  return names.join(" › ");
}

export interface OrgLevel {
  node: Organisation;
  depth: number;
  children: number;
}

/** The tree as rows, depth first, children by name; a node whose parent is out of sight is a root. */
export function orgRows(all: readonly Organisation[]): OrgLevel[] {
  const known = new Set(all.map((node) => node.id));
  const below = new Map<string | null, Organisation[]>();
  for (const node of all) {
    const parent = node.parent_id !== null && known.has(node.parent_id) ? node.parent_id : null;
    below.set(parent, [...(below.get(parent) ?? []), node]);
  }
  const names = new Intl.Collator("vi", { numeric: true });
  const rows: OrgLevel[] = [];
  const visit = (parent: string | null, depth: number) => {
    const nodes = (below.get(parent) ?? []).sort((a, b) => names.compare(a.name, b.name));
    for (const node of nodes) {
      rows.push({ node, depth, children: below.get(node.id)?.length ?? 0 });
      visit(node.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}
