import { ApiProblem, type Doc, type LessonDraft, type LessonMeta } from "$lib/api";
import { hasPending, withoutPending } from "$lib/lesson/doc";
import type { LocalShelf } from "./local";

/**
 * `kept` = the server can't be reached; what is written is on this device and goes out by itself.
 * `refused` = the server will not take it as it is; see `problem`.
 * `split` = the lesson was saved somewhere else since: the writer must choose.
 */
export type SaveState = "saved" | "changed" | "saving" | "kept" | "refused" | "split";

export interface DraftServer {
  read(id: string): Promise<LessonDraft>;
  save(
    id: string,
    draft: { revision: number; meta: LessonMeta; doc: Doc },
  ): Promise<{ revision: number; saved_at: number; dropped: string[] }>;
}

const QUIET_MS = 1500;
const COPY_MS = 250;
const AGAIN_MS = 5000;

/** A lesson being written: what is on screen, what is on this device, what is on the server. */
export class Draft {
  meta = $state<LessonMeta>() as LessonMeta;
  state = $state<SaveState>("saved");
  savedAt = $state(0);
  problem = $state.raw<ApiProblem | null>(null);
  /** What the server's cleaning took out of the last save. */
  dropped = $state.raw<string[]>([]);
  /** Set anew when the document on screen has to be replaced. */
  doc = $state.raw<Doc>({ type: "doc" });
  /** Of a split lesson: what was saved elsewhere; null while it could not be fetched. */
  other = $state.raw<LessonDraft | null>(null);
  readonly id: string;
  #revision: number;
  #written: Doc;
  #edits = 0;
  #saving: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #copyTimer: ReturnType<typeof setTimeout> | undefined;
  #server: DraftServer;
  #local: LocalShelf;

  private constructor(draft: LessonDraft, server: DraftServer, local: LocalShelf) {
    this.id = draft.id;
    this.#server = server;
    this.#local = local;
    this.#revision = draft.revision;
    this.meta = draft.meta;
    this.doc = this.#written = draft.doc;
    this.savedAt = draft.saved_at;
  }

  /** Takes up the server's draft, or what this device still holds of it. */
  static async open(from: LessonDraft, server: DraftServer, local: LocalShelf): Promise<Draft> {
    const draft = new Draft(from, server, local);
    const copy = await local.read(from.id).catch(() => null);
    if (!copy) return draft;
    draft.meta = copy.meta;
    draft.doc = draft.#written = copy.doc;
    if (copy.revision === from.revision) draft.#touch();
    else {
      draft.other = from;
      draft.state = "split";
    }
    return draft;
  }

  get revision(): number {
    return this.#revision;
  }
  /** The document as it stands on screen. */
  get current(): Doc {
    return this.#written;
  }

  writeDoc(doc: Doc): void {
    this.#written = doc;
    this.#touch();
  }
  writeMeta(change: Partial<LessonMeta>): void {
    Object.assign(this.meta, change);
    this.#touch();
  }

  /** Saves what is not saved yet and waits for the answer. True when the server has everything. */
  async settle(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    if (this.state === "changed" || this.state === "kept") await this.#save();
    return this.state === "saved";
  }

  /** The page is leaving: the copy on this device must be the newest. */
  async keep(): Promise<void> {
    clearTimeout(this.#copyTimer);
    if (this.state === "saved" && !hasPending(this.#written)) return;
    const copy = {
      revision: this.#revision,
      meta: $state.snapshot(this.meta),
      doc: this.#written,
      at: Date.now(),
    };
    await this.#local.write(this.id, copy).catch(() => undefined);
  }

  /** Of a split lesson: what is on this screen goes over what was saved elsewhere. Returns the way back. */
  async takeMine(): Promise<() => void> {
    const other = await this.#joinLine();
    await this.settle();
    return () => this.#put(other.meta, other.doc);
  }

  /** Of a split lesson: what was saved elsewhere replaces this screen. Returns the way back. */
  async takeTheirs(): Promise<() => void> {
    const mine = this.#mine();
    const other = await this.#joinLine();
    this.replace(other);
    await this.#local.drop(this.id).catch(() => undefined);
    return () => this.#put(mine.meta, mine.doc);
  }

  /** Of a split lesson: `join` makes one text of both. Returns the way back to this screen's alone. */
  async takeBoth(join: (mine: Doc, other: LessonDraft) => Doc): Promise<() => void> {
    const mine = this.#mine();
    const other = await this.#joinLine();
    this.#put(mine.meta, join(mine.doc, other));
    await this.settle();
    return () => this.#put(mine.meta, mine.doc);
  }

  /** Shows another state of the lesson that the server has already: a restored version. */
  replace(draft: LessonDraft): void {
    clearTimeout(this.#timer);
    this.#revision = draft.revision;
    this.meta = draft.meta;
    this.doc = this.#written = draft.doc;
    this.savedAt = draft.saved_at;
    this.state = "saved";
    this.problem = null;
  }

  /** The lesson is gone: nothing of it is kept or sent. */
  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#copyTimer);
    this.state = "saved";
    this.#written = { type: "doc" };
    await this.#local.drop(this.id).catch(() => undefined);
  }

  /** The line is back. */
  wake(): void {
    if (this.state === "kept") void this.#save();
  }

  close(): void {
    clearTimeout(this.#timer);
    void this.keep();
    if (this.state === "changed" || this.state === "kept") void this.#save();
  }

  #mine(): { meta: LessonMeta; doc: Doc } {
    return { meta: $state.snapshot(this.meta) as LessonMeta, doc: this.#written };
  }

  /** Ends the split: from here on this screen is written on top of what was saved elsewhere. */
  async #joinLine(): Promise<LessonDraft> {
    const other = this.other ?? (await this.#server.read(this.id));
    this.#revision = other.revision;
    this.other = null;
    this.state = "changed";
    this.#touch();
    return other;
  }

  #put(meta: LessonMeta, doc: Doc): void {
    this.meta = meta;
    this.doc = this.#written = doc;
    this.#touch();
  }

  #touch(): void {
    this.#edits += 1;
    if (this.state !== "split") {
      if (this.state !== "saving") this.state = "changed";
      this.#later(QUIET_MS);
    }
    clearTimeout(this.#copyTimer);
    this.#copyTimer = setTimeout(() => void this.keep(), COPY_MS);
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), wait);
  }

  #save(): Promise<void> {
    this.#saving ??= this.#send().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #send(): Promise<void> {
    const edits = this.#edits;
    const doc = this.#written;
    this.state = "saving";
    try {
      const meta = $state.snapshot(this.meta) as LessonMeta;
      const saved = await this.#server.save(this.id, {
        revision: this.#revision,
        meta,
        doc: withoutPending(doc),
      });
      this.#revision = saved.revision;
      this.savedAt = saved.saved_at;
      this.dropped = saved.dropped;
      this.problem = null;
      if (edits !== this.#edits) {
        this.state = "changed";
        this.#later(QUIET_MS);
        return;
      }
      this.state = "saved";
      clearTimeout(this.#copyTimer);
      // A file still on its way has its place only in this copy.
      if (hasPending(doc)) await this.keep();
      else await this.#local.drop(this.id).catch(() => undefined);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const problem = error instanceof ApiProblem ? error : new ApiProblem({ code: "internal" });
    this.state =
      problem.code === "newer-draft" || problem.status === 409
        ? "split"
        : problem.status >= 400 && problem.status < 500 && problem.status !== 401 && problem.status !== 429
          ? "refused"
          : "kept";
    this.problem = this.state === "refused" ? problem : null;
    clearTimeout(this.#copyTimer);
    await this.keep();
    if (this.state === "kept") this.#later(AGAIN_MS);
    if (this.state === "split") {
      this.other = await this.#server.read(this.id).catch(() => null);
    }
  }
}
