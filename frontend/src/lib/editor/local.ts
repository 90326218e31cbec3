import type { Doc, LessonMeta } from "$lib/api";

/** What this device keeps of a lesson until the server has acknowledged it. */
export interface LocalCopy {
  /** The server's revision it was written on. */
  revision: number;
  meta: LessonMeta;
  doc: Doc;
  /** Milliseconds since the epoch, by this device's clock. */
  at: number;
}

/** Where local copies live. */
export interface LocalShelf {
  read(lesson: string): Promise<LocalCopy | null>;
  write(lesson: string, copy: LocalCopy): Promise<void>;
  drop(lesson: string): Promise<void>;
}

const STORE = "drafts";

let opening: Promise<IDBDatabase> | null = null;
const open = () =>
  (opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("lopmo-drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("indexedDB"));
  }));

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise<T>((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("indexedDB"));
  });
}

const key = (person: string, lesson: string) => `${person} ${lesson}`;
/** All keys of a person: "~" comes after every letter and digit of an id. */
const keysOf = (person: string) => IDBKeyRange.bound(`${person} `, `${person} ~`);

/** Copies in IndexedDB, apart for each person: two teachers may share the computer in the staff room. */
export function indexedShelf(person: string): LocalShelf {
  return {
    read: async (lesson) =>
      (await run<LocalCopy | undefined>("readonly", (s) => s.get(key(person, lesson)))) ?? null,
    write: async (lesson, copy) => void (await run("readwrite", (s) => s.put(copy, key(person, lesson)))),
    drop: async (lesson) => void (await run("readwrite", (s) => s.delete(key(person, lesson)))),
  };
}

/** What a person wrote on this device that the server has not acknowledged. */
export async function keptOf(person: string): Promise<{ lesson: string; title: string }[]> {
  const keys = await run("readonly", (s) => s.getAllKeys(keysOf(person)));
  const copies = await run<LocalCopy[]>("readonly", (s) => s.getAll(keysOf(person)));
  return keys.map((found, i) => ({
    lesson: String(found).slice(person.length + 1),
    title: copies[i]?.meta.title ?? "",
  }));
}

export async function dropAllOf(person: string): Promise<void> {
  await run("readwrite", (s) => s.delete(keysOf(person)));
}
