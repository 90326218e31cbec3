import type { Doc, LessonDraft, LessonMeta } from "$lib/api";
import { Autosaved } from "$lib/keeping/autosave.svelte";
import type { Shelf } from "$lib/keeping/shelf";
import { hasPending, withoutPending } from "$lib/lesson/doc";

export interface DraftServer {
  read(id: string): Promise<LessonDraft>;
  save(
    id: string,
    draft: { revision: number; meta: LessonMeta; doc: Doc },
  ): Promise<{ revision: number; saved_at: number; dropped: string[] }>;
}

interface Written {
  meta: LessonMeta;
  doc: Doc;
}

/** A lesson being written. */
export class Draft extends Autosaved<Written, LessonDraft> {
  meta = $state<LessonMeta>() as LessonMeta;
  /** What the server's cleaning took out of the last save. */
  dropped = $state.raw<string[]>([]);
  /** Set anew when the document on screen has to be replaced. */
  doc = $state.raw<Doc>({ type: "doc" });
  /** The document as it stands on screen. */
  #now: Doc;
  #server: DraftServer;

  private constructor(draft: LessonDraft, server: DraftServer, shelf: Shelf<Written>) {
    super(draft.id, draft.revision, draft.saved_at, shelf);
    this.#server = server;
    this.meta = draft.meta;
    this.doc = this.#now = draft.doc;
  }

  /** Takes up the server's draft, or what this device still holds of it. */
  static async open(from: LessonDraft, server: DraftServer, shelf: Shelf<Written>): Promise<Draft> {
    const draft = new Draft(from, server, shelf);
    await draft.resume(from);
    return draft;
  }

  /** The document as it stands on screen. */
  get current(): Doc {
    return this.#now;
  }

  writeDoc(doc: Doc): void {
    this.#now = doc;
    this.touch();
  }
  writeMeta(change: Partial<LessonMeta>): void {
    Object.assign(this.meta, change);
    this.touch();
  }

  /** Of a split lesson: what is on this screen goes over what was saved elsewhere. Returns the way back. */
  async takeMine(): Promise<() => void> {
    const other = await this.joinLine();
    await this.settle();
    return () => this.#put(other);
  }

  /** Of a split lesson: what was saved elsewhere replaces this screen. Returns the way back. */
  async takeTheirs(): Promise<() => void> {
    const mine = this.written();
    this.replace(await this.joinLine());
    return () => this.#put(mine);
  }

  /** Of a split lesson: `join` makes one text of both. Returns the way back to this screen's alone. */
  async takeBoth(join: (mine: Doc, other: LessonDraft) => Doc): Promise<() => void> {
    const mine = this.written();
    const other = await this.joinLine();
    this.#put({ meta: mine.meta, doc: join(mine.doc, other) });
    await this.settle();
    return () => this.#put(mine);
  }

  /** Shows another state of the lesson that the server has already: a restored version. */
  replace(draft: LessonDraft): void {
    this.show(draft);
    void this.stands(draft.revision, draft.saved_at);
  }

  /** The lesson is gone: nothing of it is kept or sent. */
  forget(): Promise<void> {
    this.#now = { type: "doc" };
    return this.stands(this.revision);
  }

  #put(written: Written): void {
    this.show(written);
    this.touch();
  }

  protected written(): Written {
    return { meta: $state.snapshot(this.meta) as LessonMeta, doc: this.#now };
  }
  protected title(): string {
    return this.meta.title;
  }
  protected show({ meta, doc }: Written): void {
    this.meta = meta;
    this.doc = this.#now = doc;
  }
  protected fetch(): Promise<LessonDraft> {
    return this.#server.read(this.id);
  }
  protected async send(revision: number, { meta, doc }: Written) {
    const saved = await this.#server.save(this.id, { revision, meta, doc: withoutPending(doc) });
    this.dropped = saved.dropped;
    return { revision: saved.revision, savedAt: saved.saved_at };
  }
  /** A file still on its way has its place only in this device's copy. */
  protected override onlyHere({ doc }: Written): boolean {
    return hasPending(doc);
  }
}
