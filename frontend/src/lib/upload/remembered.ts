/** What this browser remembers of an upload, to offer it again after a reload. */
export interface Remembered {
  id: string;
  filename: string;
  size: number;
  lastModified: number;
  sent: number;
  organisation: string;
  /** The lesson it was dropped into. */
  lesson: string | null;
  asset: string | null;
}

const key = (person: string) => `lopmo.uploads.${person}`;

export function recall(storage: Storage, person: string): Remembered[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(key(person)) ?? "[]");
    return Array.isArray(list) ? list.filter(isRemembered) : [];
  } catch {
    return [];
  }
}

export function remember(storage: Storage, person: string, list: Remembered[]): void {
  try {
    if (list.length === 0) storage.removeItem(key(person));
    else storage.setItem(key(person), JSON.stringify(list));
  } catch {
    // A full or forbidden storage costs the offer to resume, not the upload.
  }
}

/** The same file chosen again: name, size and time agree. */
export function isSameFile(file: Pick<File, "name" | "size" | "lastModified">, entry: Remembered): boolean {
  return file.name === entry.filename && file.size === entry.size && file.lastModified === entry.lastModified;
}

function isRemembered(value: unknown): value is Remembered {
  if (!value || typeof value !== "object") return false;
  const entry = value as Record<string, unknown>;
  return (
    typeof entry.id === "string" &&
    typeof entry.filename === "string" &&
    typeof entry.size === "number" &&
    typeof entry.lastModified === "number" &&
    typeof entry.sent === "number" &&
    typeof entry.organisation === "string"
  );
}

/** Takes away what this browser remembers of a person's uploads, tus's own notes with it. */
export function forgetUploads(storage: Storage, person: string): void {
  const notes = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "");
  for (const note of notes) {
    if (note === key(person) || note.startsWith(`tus::lopmo:${person}:`)) storage.removeItem(note);
  }
}
