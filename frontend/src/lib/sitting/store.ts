import type { AnswerSent, EventSent, Message, Receipt, RefusedBecause, ShownPaper, Sitting } from "./api";
import { photosOf, type TestResponse } from "./response";

/**
 * What is sat, on this device: written here before anything is sent, and gone only when the server has
 * acknowledged it. One record for each device of an attempt; the paper lies beside it since it is large and
 * never changes, the answers that have not been acknowledged each by itself.
 */
export interface Kept {
  /** Attempt and number of the device. */
  key: string;
  /** A person's id, or the link: whoever else uses this device is never shown it. */
  owner: string;
  /** The test's id, or its link. */
  place: string;
  sitting: Sitting;
  answers: Record<number, TestResponse | null>;
  flags: number[];
  /** The number of the last answer and event. */
  sequence: number;
  eventSequence: number;
  /** The server's clock less this device's, in microseconds. */
  offset: number;
  dueAt: number | null;
  messages: Message[];
  seenMessages: number;
  /** She wants it handed in; it goes on trying until the server says so. */
  handingIn: boolean;
  receipt: Receipt | null;
}
export type Unsent =
  | { kind: "answer"; key: string; sequence: number; answer: AnswerSent; refused: RefusedBecause | null }
  | { kind: "event"; key: string; sequence: number; event: EventSent };
/** What was drawn and noted beside a question: never sent. */
export interface Scratch {
  key: string;
  item: number;
  /** Each stroke as x, y, x, y …, in thousandths of the pad's width. */
  strokes: number[][];
  notes: string;
}
/** A photo of what was worked out on paper, with how far it is. */
export interface KeptPhoto {
  key: string;
  /** SHA-256 of its bytes. */
  name: string;
  blob: Blob;
  state: "waiting" | "sent" | "refused";
}
export interface KeptPaper {
  key: string;
  paper: ShownPaper;
  files: Record<number, Blob>;
}

const NAME = "lopmo-sitting";
let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 3);
    request.onupgradeneeded = ({ oldVersion }) => {
      const db = request.result;
      if (oldVersion < 1) {
        db.createObjectStore("sittings", { keyPath: "key" });
        db.createObjectStore("papers", { keyPath: "key" });
        db.createObjectStore("unsent", { keyPath: ["key", "kind", "sequence"] });
      }
      if (oldVersion < 2) db.createObjectStore("scratch", { keyPath: ["key", "item"] });
      db.createObjectStore("photos", { keyPath: ["key", "name"] });
    };
    request.onsuccess = () => {
      // A newer page in another tab must not wait for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("indexedDB"));
  });
  opening.catch(() => (opening = null));
  return opening;
}

type Store = "sittings" | "papers" | "unsent" | "scratch" | "photos";

/** One transaction; done when it is on disk, as far as the browser can say. */
async function run<T>(stores: Store[], mode: IDBTransactionMode, act: (of: (name: Store) => IDBObjectStore) => () => T): Promise<T> {
  const db = await open();
  return new Promise<T>((resolve, reject) => {
    const transaction = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const result = act((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(result());
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("indexedDB"));
  });
}

const all = (key: string) => IDBKeyRange.bound([key], [key, []]);

export const sittingStore = {
  everybodys: (): Promise<Kept[]> =>
    run(["sittings"], "readonly", (of) => {
      const request = of("sittings").getAll() as IDBRequest<Kept[]>;
      return () => request.result;
    }),
  /** All of one owner; the newest attempts last. */
  async ofOwner(owner: string): Promise<Kept[]> {
    return (await sittingStore.everybodys())
      .filter((kept) => kept.owner === owner)
      .sort((a, b) => a.sitting.started_at - b.sitting.started_at || a.sitting.device - b.sitting.device);
  },
  put: (kept: Kept) =>
    run(["sittings"], "readwrite", (of) => {
      of("sittings").put(kept);
      return () => undefined;
    }),
  /**
   * Changes a record as it is on disk now: another tab of the same attempt may have written meanwhile, and
   * two answers must never have one number.
   */
  change: (key: string, act: (kept: Kept) => Unsent | null) =>
    run(["sittings", "unsent"], "readwrite", (of) => {
      let changed: Kept | null = null;
      const request = of("sittings").get(key) as IDBRequest<Kept | undefined>;
      request.onsuccess = () => {
        if (!request.result) return;
        changed = request.result;
        const unsent = act(changed);
        of("sittings").put(changed);
        if (unsent) of("unsent").put(unsent);
      };
      return () => changed as Kept | null;
    }),
  unsent: (key: string) =>
    run(["unsent"], "readonly", (of) => {
      const request = of("unsent").getAll(all(key)) as IDBRequest<Unsent[]>;
      return () => request.result;
    }),
  /** What the server has said about what was sent. */
  settle: (gone: readonly Unsent[], stay: readonly Unsent[]) =>
    run(["unsent"], "readwrite", (of) => {
      for (const each of gone) of("unsent").delete([each.key, each.kind, each.sequence]);
      for (const each of stay) of("unsent").put(each);
      return () => undefined;
    }),
  paper: (key: string) =>
    run(["papers"], "readonly", (of) => {
      const request = of("papers").get(key) as IDBRequest<KeptPaper | undefined>;
      return () => request.result ?? null;
    }),
  putPaper: (paper: KeptPaper) =>
    run(["papers"], "readwrite", (of) => {
      of("papers").put(paper);
      return () => undefined;
    }),
  scratch: (key: string, item: number) =>
    run(["scratch"], "readonly", (of) => {
      const request = of("scratch").get([key, item]) as IDBRequest<Scratch | undefined>;
      return () => request.result ?? null;
    }),
  putScratch: (scratch: Scratch) =>
    run(["scratch"], "readwrite", (of) => {
      of("scratch").put(scratch);
      return () => undefined;
    }),
  photos: (key: string) =>
    run(["photos"], "readonly", (of) => {
      const request = of("photos").getAll(all(key)) as IDBRequest<KeptPhoto[]>;
      return () => request.result;
    }),
  putPhoto: (photo: KeptPhoto) =>
    run(["photos"], "readwrite", (of) => {
      of("photos").put(photo);
      return () => undefined;
    }),
  drop: (key: string) =>
    run(["sittings", "papers", "unsent", "scratch", "photos"], "readwrite", (of) => {
      of("sittings").delete(key);
      of("papers").delete(key);
      of("unsent").delete(all(key));
      of("scratch").delete(all(key));
      of("photos").delete(all(key));
      return () => undefined;
    }),
};

/** Whether a record has answers, or photos that answers name, that the server has not. */
export async function holdsUnsent(kept: Kept): Promise<boolean> {
  const named = new Set(Object.values(kept.answers).flatMap((answer) => photosOf(answer)));
  return (
    (await sittingStore.unsent(kept.key)).some((each) => each.kind === "answer" && each.refused === null) ||
    (named.size > 0 && (await sittingStore.photos(kept.key)).some(({ name, state }) => state === "waiting" && named.has(name)))
  );
}

/** Whether this device holds anything that the server has not, whoever's it is. */
export async function anyUnsent(): Promise<boolean> {
  for (const kept of await sittingStore.everybodys()) if (await holdsUnsent(kept)) return true;
  return false;
}

/** Tests of a person with answers that only this device has. */
export async function unsentTestsOf(person: string): Promise<{ id: string; title: string }[]> {
  const found: { id: string; title: string }[] = [];
  for (const kept of await sittingStore.ofOwner(person)) {
    if ((await holdsUnsent(kept)) || (kept.handingIn && !kept.receipt)) found.push({ id: kept.place, title: kept.sitting.title });
  }
  return found;
}

export async function dropTestsOf(person: string): Promise<void> {
  for (const kept of await sittingStore.ofOwner(person)) await sittingStore.drop(kept.key);
}
