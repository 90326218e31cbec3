import { ApiProblem } from "$lib/api/problem";
import type { LightParsed, Paper, PaperDraft } from "./api";
import { merge, splitAt, type Piece } from "./cut";
import { keyOf } from "./keys";
import { problemsOf, questionAt, withoutKeyDoubts } from "./problems";
import type { Entry, Level, MediaUrls, Passage, Question, QuestionType } from "./types";
import { changeType, setLevel } from "./keys";

/** As for lessons: `kept` = the server is away, `refused` = it will not take this, `split` = changed elsewhere. */
export type SaveState = "saved" | "changed" | "saving" | "kept" | "refused" | "split";

export interface PaperServer {
  paper(id: string): Promise<Paper>;
  write(id: string, draft: PaperDraft): Promise<{ revision: number; updated_at: number }>;
}

/** A question on the desk; its id stays the same while it is changed, split and moved. */
export interface Item {
  id: number;
  question: Question;
}
interface Snapshot {
  items: Item[];
  passages: Passage[];
  report: Entry[];
}

const QUIET_MS = 1500;
const AGAIN_MS = 5000;
const MOST_UNDO = 60;

/** A paper on the import desk: its questions as they stand, kept on the server while they are put right. */
export class PaperDesk {
  items = $state.raw<Item[]>([]);
  passages = $state.raw<Passage[]>([]);
  report = $state.raw<Entry[]>([]);
  media = $state.raw<MediaUrls>({});
  state = $state<SaveState>("saved");
  savedAt = $state(0);
  problem = $state.raw<ApiProblem | null>(null);
  /** Which questions are ticked for a change of several. */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  canUndo = $state(false);
  readonly id: string;
  readonly questions = $derived(this.items.map((item) => item.question));
  readonly problems = $derived(problemsOf(this.questions, this.report));
  #revision: number;
  #next = 1;
  #undo: Snapshot[] = [];
  #edits = 0;
  #saving: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #server: PaperServer;

  constructor(id: string, paper: Paper, savedAt: number, server: PaperServer) {
    this.id = id;
    this.#server = server;
    this.#revision = paper.revision;
    this.savedAt = savedAt;
    this.#show(paper);
  }

  get revision(): number {
    return this.#revision;
  }
  indexOf(id: number): number {
    return this.items.findIndex((item) => item.id === id);
  }
  /** Ids of questions somebody should look at. */
  get troubled(): Set<number> {
    const ids = this.problems.map((problem) =>
      problem.question === null ? undefined : this.items[problem.question]?.id,
    );
    return new Set(ids.filter((id) => id !== undefined));
  }

  /** Changes one question; a key that becomes known settles the doubts about it. */
  change(id: number, how: (question: Question) => Question): void {
    const at = this.indexOf(id);
    const item = this.items[at];
    if (!item) return;
    const question = how(item.question);
    if (question === item.question) return;
    const keyChanged = JSON.stringify(keyed(question)) !== JSON.stringify(keyed(item.question));
    const report =
      keyChanged && question.key === "known"
        ? withoutKeyDoubts(this.report, this.questions, at)
        : this.report;
    this.#put({ items: this.items.with(at, { id, question }), passages: this.passages, report });
  }
  changeMany(ids: ReadonlySet<number>, how: (question: Question) => Question): void {
    const items = this.items.map((item) =>
      ids.has(item.id) ? { ...item, question: how(item.question) } : item,
    );
    this.#put({ items, passages: this.passages, report: this.report });
  }
  setLevels(ids: ReadonlySet<number>, level: Level | null): void {
    this.changeMany(ids, (question) => setLevel(question, level));
  }
  setType(ids: ReadonlySet<number>, type: QuestionType): void {
    this.changeMany(ids, (question) => changeType(question, type));
  }

  /** Makes two of one; gives the id of the second. */
  split(id: number, at: Piece): number | null {
    const place = this.indexOf(id);
    const item = this.items[place];
    if (!item) return null;
    const [first, second] = splitAt(item.question, at);
    const made = { id: this.#next++, question: second };
    const items = this.items.toSpliced(place, 1, { id, question: first }, made);
    this.#put({ items, passages: this.passages, report: this.report });
    return made.id;
  }
  mergeWithNext(id: number): void {
    const place = this.indexOf(id);
    const [first, second] = [this.items[place], this.items[place + 1]];
    if (!first || !second) return;
    const items = this.items.toSpliced(place, 2, { id, question: merge(first.question, second.question) });
    this.#put({ items, passages: this.passages, report: this.#aboutThese(items) });
  }
  remove(ids: ReadonlySet<number>): void {
    const items = this.items.filter((item) => !ids.has(item.id));
    this.chosen = new Set([...this.chosen].filter((id) => !ids.has(id)));
    this.#put({ items, passages: this.passages, report: this.#aboutThese(items) });
  }
  /** A doubt that a person has looked at and found to be none. */
  dismiss(entry: Entry): void {
    this.#put({
      items: this.items,
      passages: this.passages,
      report: this.report.filter((other) => other !== entry),
    });
  }

  /** One question's place taken by what its light text now says. */
  replace(id: number, parsed: LightParsed): number[] {
    const place = this.indexOf(id);
    const item = this.items[place];
    if (!item || parsed.questions.length === 0) return [];
    const made = parsed.questions.map((question, i) => ({
      id: i === 0 ? id : this.#next++,
      question: {
        ...question,
        key: keyOf(question),
        address:
          i === 0 ? item.question.address : { ...item.question.address, number: null, paragraph: null },
      },
    }));
    const passages = this.#joined(parsed.passages);
    const items = this.items.toSpliced(place, 1, ...made);
    const settles = item.question.key === "missing" && made[0]?.question.key === "known";
    const report = settles ? withoutKeyDoubts(this.report, this.questions, place) : this.report;
    this.#put({ items, passages, report });
    return made.map((each) => each.id);
  }
  /** The whole paper as its light text now says. What is the same question keeps its place in the file. */
  replaceAll(parsed: LightParsed): void {
    const left = [...this.items];
    const items = parsed.questions.map((question) => {
      const { part, number } = question.address;
      const at = left.findIndex(
        (item) => item.question.address.part === part && item.question.address.number === number,
      );
      const [old] = at < 0 ? [] : left.splice(at, 1);
      const address = { part, number, paragraph: old?.question.address.paragraph ?? null };
      return { id: old?.id ?? this.#next++, question: { ...question, address, key: keyOf(question) } };
    });
    this.chosen = new Set();
    this.#put({ items, passages: this.#joined(parsed.passages), report: this.#aboutThese(items) });
  }

  /** Those that are in the bank now leave the desk, as they have on the server. */
  tookOver(ids: ReadonlySet<number>, revision: number): void {
    const items = this.items.filter((item) => !ids.has(item.id));
    this.report = this.#aboutThese(items);
    this.items = items;
    this.chosen = new Set();
    this.#revision = revision;
    // What is in the bank is put right there.
    this.#undo = [];
    this.canUndo = false;
  }

  choose(id: number, on: boolean): void {
    const next = new Set(this.chosen);
    if (on) next.add(id);
    else next.delete(id);
    this.chosen = next;
  }
  /** Ticks from one place to another, both included, counted from 0. */
  chooseRange(from: number, to: number): void {
    const [first, last] = from <= to ? [from, to] : [to, from];
    this.chosen = new Set(this.items.slice(first, last + 1).map((item) => item.id));
  }
  chooseAll(on: boolean): void {
    this.chosen = new Set(on ? this.items.map((item) => item.id) : []);
  }

  undo(): void {
    const back = this.#undo.pop();
    if (!back) return;
    this.items = back.items;
    this.passages = back.passages;
    this.report = back.report;
    this.canUndo = this.#undo.length > 0;
    this.#touch();
  }

  /** Saves what is not saved yet and waits for the answer. True when the server has everything. */
  async settle(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    if (this.state === "changed" || this.state === "kept" || this.state === "refused") await this.#save();
    return this.state === "saved";
  }
  /** The line is back. */
  wake(): void {
    if (this.state === "kept") void this.#save();
  }
  close(): void {
    clearTimeout(this.#timer);
    if (this.state === "changed" || this.state === "kept") void this.#save();
  }
  /** Of a split paper: this screen goes over what was saved elsewhere. */
  async takeMine(): Promise<void> {
    const other = await this.#server.paper(this.id);
    this.#revision = other.revision;
    this.state = "changed";
    await this.#save();
  }
  /** Of a split paper: what was saved elsewhere replaces this screen; undo brings this screen back. */
  async takeTheirs(): Promise<void> {
    const other = await this.#server.paper(this.id);
    this.#remember();
    this.#revision = other.revision;
    this.#show(other);
    this.chosen = new Set();
    this.state = "saved";
  }

  #show(paper: Paper): void {
    this.items = paper.questions.map((question) => ({ id: this.#next++, question }));
    this.passages = paper.passages;
    this.report = paper.report;
    this.media = Object.fromEntries(paper.media.map(({ id, url }) => [id, url]));
  }
  #joined(passages: Passage[]): Passage[] {
    const kept = this.passages.filter((old) => !passages.some((passage) => passage.id === old.id));
    return [...kept, ...passages];
  }
  /** The report without entries whose question is no longer here. */
  #aboutThese(items: readonly Item[]): Entry[] {
    const here = items.map((item) => item.question);
    return this.report.filter((entry) => {
      const was = questionAt(this.questions, entry.address);
      if (was === null) return true;
      const number = this.questions[was]?.address;
      return here.some((q) => q.address.part === number?.part && q.address.number === number?.number);
    });
  }
  #remember(): void {
    this.#undo.push({ items: this.items, passages: this.passages, report: this.report });
    if (this.#undo.length > MOST_UNDO) this.#undo.shift();
    this.canUndo = true;
  }
  #put(next: Snapshot): void {
    this.#remember();
    this.items = next.items;
    this.passages = next.passages;
    this.report = next.report;
    this.#touch();
  }
  #touch(): void {
    this.#edits += 1;
    if (this.state === "split") return;
    if (this.state !== "saving") this.state = "changed";
    this.#later(QUIET_MS);
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
    this.state = "saving";
    this.problem = null;
    try {
      const { passages, report, questions } = this;
      const saved = await this.#server.write(this.id, {
        revision: this.#revision,
        questions,
        passages,
        report,
      });
      this.#revision = saved.revision;
      this.savedAt = saved.updated_at;
      this.state = edits === this.#edits ? "saved" : "changed";
      if (this.state === "changed") this.#later(QUIET_MS);
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem({ code: "internal" });
      const { status } = problem;
      if (problem.code === "newer-draft" || status === 409) this.state = "split";
      else if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
        this.state = "refused";
        this.problem = problem;
      } else {
        this.state = "kept";
        this.#later(AGAIN_MS);
      }
    }
  }
}

/** What a key is made of. */
const keyed = (question: Question) => [
  question.key,
  question.options.map((option) => option.correct),
  question.statements.map((statement) => statement.correct),
  question.answers.map((answer) => answer.text),
  (question.blanks ?? []).map((blank) => blank.options.map((option) => option.correct)),
];
