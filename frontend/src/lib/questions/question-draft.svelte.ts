import { asProblem, type ApiProblem } from "$lib/api/problem";
import { DeviceCopy } from "$lib/keeping/device.svelte";
import { indexedShelf, type Copy } from "$lib/keeping/shelf";
import { session } from "$lib/state/session.svelte";
import { bank, type QuestionDetail, type QuestionMeta, type QuestionWrite } from "./api";
import { richesOf, tidied, withRoom } from "./compose";
import { isEmptyRich } from "./rich";
import { NO_RICH, type Question, type Rich } from "./types";
import { firstWords } from "./words";

/** What is written of a question, kept on this device until it is saved. */
export interface QuestionWritten {
  question: Question;
  passage: Rich;
  meta: QuestionMeta;
  media: { id: string; file_id: string; url: string }[];
  folder: string;
}

const NO_META: QuestionMeta = {
  subject: null,
  grade: null,
  strand: null,
  requirement: null,
  language: "vi",
  source: null,
};

/** A question being written. It is in the bank when its writer says so; until then this device holds a copy. */
export class QuestionDraft {
  now = $state.raw<QuestionWritten>() as QuestionWritten;
  dirty = $state(false);
  busy = $state(false);
  problem = $state.raw<ApiProblem | null>(null);
  /** Another text was saved since this one was begun. */
  conflict = $state(false);
  /** When this device's copy was written that stands on screen since the page was opened. */
  resumed = $state<number | null>(null);
  /** What is there already; null for a new one. */
  readonly detail: QuestionDetail | null;
  readonly #begun: QuestionWritten;
  readonly #device: DeviceCopy<QuestionWritten>;
  #revision: number;

  private constructor(detail: QuestionDetail | null, begun: QuestionWritten) {
    this.detail = detail;
    this.#revision = detail?.revision ?? 0;
    this.#begun = this.now = begun;
    const shelf = indexedShelf<QuestionWritten>(session.person?.id ?? "", "question");
    this.#device = new DeviceCopy(detail?.id ?? "new", shelf, () => this.#copy());
  }

  /** A question of the bank, or what this device holds of it unsaved. */
  static edit(detail: QuestionDetail): Promise<QuestionDraft> {
    const media = detail.media.map(({ id, file_id, url }) => ({ id, file_id, url }));
    const { meta, passage, folder } = detail;
    const question = withRoom(detail.question);
    return QuestionDraft.#open(detail, {
      question,
      passage: passage ?? NO_RICH,
      meta,
      media,
      folder: folder.id,
    });
  }
  /** A new question, or the one begun on this device and not saved. */
  static begin(question: Question, folder: string, subject: string | null): Promise<QuestionDraft> {
    const meta = { ...NO_META, subject };
    return QuestionDraft.#open(null, { question, passage: NO_RICH, meta, media: [], folder });
  }
  static async #open(detail: QuestionDetail | null, begun: QuestionWritten): Promise<QuestionDraft> {
    const draft = new QuestionDraft(detail, begun);
    const copy = await draft.#device.read();
    if (!copy) return draft;
    const { at, revision, title: _, ...written } = copy;
    draft.now = written;
    draft.#revision = revision;
    draft.resumed = at;
    draft.dirty = true;
    return draft;
  }

  change(part: Partial<QuestionWritten>): void {
    this.now = { ...this.now, ...part };
    this.dirty = true;
    this.#device.touch();
  }
  changeMeta(part: Partial<QuestionMeta>): void {
    this.change({ meta: { ...this.now.meta, ...part } });
  }
  /** Names a stored picture or sound for the texts of this question. */
  addMedium(stored: { file_id: string; url: string }, sound: boolean): string {
    const stem = sound ? "aud" : "img";
    let n = 1;
    while (this.now.media.some(({ id }) => id === `${stem}${n}`)) n += 1;
    const id = `${stem}${n}`;
    this.change({ media: [...this.now.media, { id, file_id: stored.file_id, url: stored.url }] });
    return id;
  }

  /** Puts it into the bank; null when it was not taken, and why is in `problem`. */
  async save(): Promise<QuestionDetail | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = null;
    try {
      const saved = this.detail
        ? await bank.save(this.detail.id, this.#revision, this.#write())
        : await bank.create(this.now.folder, this.#write());
      await this.forget();
      return saved;
    } catch (error) {
      this.problem = asProblem(error);
      this.conflict = this.problem.code === "newer-draft" || this.problem.status === 409;
      return null;
    } finally {
      this.busy = false;
    }
  }
  /** Another text was saved meanwhile: this one goes over it, as a later version of it. */
  async overwrite(): Promise<QuestionDetail | null> {
    if (!this.detail) return null;
    this.conflict = false;
    try {
      this.#revision = (await bank.read(this.detail.id)).revision;
    } catch (error) {
      this.problem = asProblem(error);
      return null;
    }
    return this.save();
  }

  /** Nothing of what is on screen is kept any more. */
  async forget(): Promise<void> {
    this.dirty = false;
    this.resumed = null;
    await this.#device.drop();
  }
  /** Back to what the bank has, or to an empty question. Returns the way back. */
  startAnew(): () => void {
    const { now } = this;
    const revision = this.#revision;
    this.now = this.#begun;
    this.#revision = this.detail?.revision ?? 0;
    void this.forget();
    return () => {
      this.#revision = revision;
      this.change(now);
    };
  }
  attend(): () => void {
    return this.#device.attend();
  }

  #write(): QuestionWrite {
    const { question, passage, media, meta } = this.now;
    const tidy = tidied(question);
    const all = [...richesOf(tidy), passage.html].join(" ");
    return {
      question: tidy,
      passage: isEmptyRich(passage) ? null : passage,
      media: media
        .filter(({ id }) => all.includes(`data-media="${id}"`))
        .map(({ id, file_id }) => ({ id, file_id })),
      meta,
    };
  }
  #copy(): Copy<QuestionWritten> | null {
    if (!this.dirty) return null;
    return { ...this.now, title: firstWords(this.now.question), revision: this.#revision, at: Date.now() };
  }
}
