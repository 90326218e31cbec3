import type { Folder } from "./api";

export interface FolderRow {
  folder: Folder;
  depth: number;
}

/** Folders as rows, depth first, each kind together: one's own, the organisations', what others lend. */
export function folderRows(folders: readonly Folder[], scope: Folder["scope"]): FolderRow[] {
  const mine = folders.filter((folder) => folder.scope === scope);
  const known = new Set(mine.map((folder) => folder.id));
  const names = new Intl.Collator("vi", { numeric: true });
  const title = (folder: Folder) => folder.name || folder.organisation?.name || "";
  const below = new Map<string | null, Folder[]>();
  for (const folder of mine) {
    const parent = folder.parent_id !== null && known.has(folder.parent_id) ? folder.parent_id : null;
    below.set(parent, [...(below.get(parent) ?? []), folder]);
  }
  const rows: FolderRow[] = [];
  const visit = (parent: string | null, depth: number) => {
    for (const folder of (below.get(parent) ?? []).toSorted((a, b) => names.compare(title(a), title(b)))) {
      rows.push({ folder, depth });
      visit(folder.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

export const SCOPES: readonly Folder["scope"][] = ["mine", "organisation", "shared"];

/** A folder and all below it: where it may not be moved to. */
export function withBelow(folders: readonly Folder[], id: string): Set<string> {
  const found = new Set([id]);
  for (let grew = true; grew;) {
    grew = false;
    for (const folder of folders)
      if (folder.parent_id !== null && found.has(folder.parent_id) && !found.has(folder.id)) {
        found.add(folder.id);
        grew = true;
      }
  }
  return found;
}

/** The folder new questions go to when nobody says: one's own, else the first that may be written to. */
export const homeFolder = (folders: readonly Folder[]): Folder | null =>
  folders.find((f) => f.scope === "mine" && f.parent_id === null) ?? folders.find((f) => f.can_edit) ?? null;
