/** What may lie on this device until the server has acknowledged it. */
export type KeptKind = "lesson" | "paper" | "question" | "sitting";

/** A copy of something that is being written: `Written` is what the writer sees, the rest is about it. */
export type Copy<Written extends object> = Written & {
  /** What the writer calls it. */
  title: string;
  /** The server's revision it was written on. */
  revision: number;
  /** Milliseconds since the epoch, by this device's clock. */
  at: number;
};

/** Where the copies of one kind lie, each under its id; a part of something under its id, "/" and a word. */
export interface Shelf<Written extends object> {
  read(id: string): Promise<Copy<Written> | null>;
  write(id: string, copy: Copy<Written>): Promise<void>;
  drop(id: string): Promise<void>;
}

export interface Kept {
  kind: KeptKind;
  id: string;
  title: string;
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
    // A page on its way out has no time to say later that this is all.
    transaction.commit();
  });
}

// Lessons were here first, under their bare ids.
const key = (person: string, kind: KeptKind, id: string) =>
  `${person} ${kind === "lesson" ? id : `${kind}:${id}`}`;
/** All keys of a person: "~" comes after every letter and digit of an id. */
const keysOf = (person: string) => IDBKeyRange.bound(`${person} `, `${person} ~`);

/** Copies in IndexedDB, apart for each person: two teachers may share the computer in the staff room. */
export function indexedShelf<Written extends object>(person: string, kind: KeptKind): Shelf<Written> {
  return {
    read: async (id) =>
      (await run<Copy<Written> | undefined>("readonly", (s) => s.get(key(person, kind, id)))) ?? null,
    write: async (id, copy) => void (await run("readwrite", (s) => s.put(copy, key(person, kind, id)))),
    drop: async (id) => void (await run("readwrite", (s) => s.delete(key(person, kind, id)))),
  };
}

/** What a person wrote on this device that the server has not acknowledged. */
export async function keptOf(person: string): Promise<Kept[]> {
  const keys = await run("readonly", (s) => s.getAllKeys(keysOf(person)));
  const copies = await run<{ title?: string }[]>("readonly", (s) => s.getAll(keysOf(person)));
  const found = keys.map((each, i): [string, Kept] => {
    const [place = ""] = String(each)
      .slice(person.length + 1)
      .split("/");
    const [id = "", kind = "lesson"] = place.split(":").reverse();
    return [place, { kind: kind as KeptKind, id, title: copies[i]?.title ?? "" }];
  });
  return [...new Map(found).values()];
}

export async function dropAllOf(person: string): Promise<void> {
  await run("readwrite", (s) => s.delete(keysOf(person)));
}
