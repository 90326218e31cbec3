import type { Organisation } from "$lib/api/types";

/** What an organisation and all below it take of the space, and the limit it stands under itself. */
export interface Usage {
  used: number;
  quota: number | null;
}

export function usageOf(all: readonly Organisation[], id: string): Usage {
  const below = new Map<string | null, Organisation[]>();
  for (const node of all) below.set(node.parent_id, [...(below.get(node.parent_id) ?? []), node]);
  const sum = (node: Organisation): number =>
    node.used_bytes + (below.get(node.id) ?? []).reduce((total, child) => total + sum(child), 0);
  const root = all.find((node) => node.id === id);
  return root ? { used: sum(root), quota: root.quota_bytes } : { used: 0, quota: null };
}
