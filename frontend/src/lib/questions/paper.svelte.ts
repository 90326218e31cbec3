import { Autosaved } from "$lib/keeping/autosave.svelte";
import type { Shelf } from "$lib/keeping/shelf";
import type { LightParsed, Paper, PaperDraft, PaperMedia, QuestionImport } from "./api";
import { merge, splitAt, type Piece } from "./cut";
import { keyOf } from "./keys";
import { problemsOf, questionAt, withoutKeyDoubts } from "./problems";
import type { Entry, Level, Passage, Question, QuestionType } from "./types";
import { Former } from "./former";
import { setLevel } from "./keys";
import { questionWith, richWith, wantsPicture, type Medium, type Spot } from "./pictures";

export interface PaperServer {
  paper(id: string): Promise<Paper>;
  write(id: string, draft: PaperDraft): Promise<{ revision: number; updated_at: number }>;
}

/** A question on the desk; its id stays the same while it is changed, split and moved. */
export interface Item {
  id: number;
  question: Question;
}
type About = Pick<QuestionImport, "id" | "filename" | "updated_at">;
interface Snapshot {
  items: Item[];
  passages: Passage[];
  report: Entry[];
}

/** What is changed on the desk, and kept on this device until the server has it. */
export type PaperWritten = Omit<PaperDraft, "revision">;

const MOST_UNDO = 60;

/** A paper on the import desk: its questions as they stand while they are put right. */
export class PaperDesk extends Autosaved<PaperWritten, Paper> {
  items = $state.raw<Item[]>([]);
  passages = $state.raw<Passage[]>([]);
  report = $state.raw<Entry[]>([]);
  /** Which questions are ticked for a change of several. */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  canUndo = $state(false);
  /** Counts the changes: what was offered for one of them ends with the next. */
  turn = $state(0);
  /** Pictures and sounds of the paper, those that came with it and those added since. */
  files = $state.raw<readonly PaperMedia[]>([]);
  readonly media = $derived(Object.fromEntries(this.files.map(({ id, url }) => [id, url])));
  readonly questions = $derived(this.items.map((item) => item.question));
  readonly problems = $derived(problemsOf(this.questions, this.report));
  #next = 1;
  #undo: Snapshot[] = [];
  readonly #former = new Map<number, Former>();
  /** What the server had where this device held something newer. */
  #before: Snapshot | null = null;
  #title: string;
  #server: PaperServer;

  private constructor(about: About, paper: Paper, server: PaperServer, shelf: Shelf<PaperWritten>) {
    super(about.id, paper.revision, about.updated_at, shelf);
    this.#title = about.filename;
    this.#server = server;
    this.files = paper.media;
    this.show(paper);
  }

  /** Takes up what the server has of a paper, or what this device still holds of it. */
  static async open(
    about: About,
    paper: Paper,
    server: PaperServer,
    shelf: Shelf<PaperWritten>,
  ): Promise<PaperDesk> {
    const desk = new PaperDesk(about, paper, server, shelf);
    const before = desk.#snapshot();
    await desk.resume(paper);
    if (desk.resumed !== null) desk.#before = before;
    return desk;
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
  /** What another type has no place for comes back with the type it belonged to. */
  setType(ids: ReadonlySet<number>, type: QuestionType): void {
    const items = this.items.map((item) =>
      ids.has(item.id) ? { ...item, question: this.#formerOf(item.id).retype(item.question, type) } : item,
    );
    this.#put({ items, passages: this.passages, report: this.report });
  }

  /** A picture or sound is with the paper now; nothing shows it yet. */
  addFile(file: PaperMedia): void {
    if (!this.files.some(({ id }) => id === file.id)) this.files = [...this.files, file];
  }
  /** Puts a picture or sound into a text of a question, and settles the doubt that it was missing. */
  addMedium(id: number, spot: Spot, medium: Medium): void {
    const place = this.indexOf(id);
    const item = this.items[place];
    if (!item) return;
    const report = this.report.filter(
      (entry) => !(wantsPicture(entry) && questionAt(this.questions, entry.address) === place),
    );
    const { passage } = item.question;
    if (spot === "passage") {
      const passages = this.passages.map((each) =>
        each.id === passage ? { ...each, content: richWith(each.content, medium) } : each,
      );
      return this.#put({ items: this.items, passages, report });
    }
    const question = questionWith(item.question, spot, medium);
    this.#put({ items: this.items.with(place, { id, question }), passages: this.passages, report });
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
    void this.stands(revision);
    this.resumed = null;
    // What is in the bank is put right there.
    this.#undo = [];
    this.canUndo = false;
    this.turn += 1;
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
    this.turn += 1;
    this.touch();
  }

  /** What this device held is put aside for what the server had; undo brings it back. */
  forgetResumed(): void {
    if (this.#before) this.#put(this.#before);
    this.resumed = null;
  }

  /** Of a split paper: this screen goes over what was saved elsewhere; undo brings the other back. */
  async takeMine(): Promise<void> {
    const mine = this.#snapshot();
    const other = await this.joinLine();
    this.files = other.media;
    this.show(other);
    this.#put(mine);
    await this.settle();
  }
  /** Of a split paper: what was saved elsewhere replaces this screen; undo brings this screen back. */
  async takeTheirs(): Promise<void> {
    const other = await this.joinLine();
    this.#remember();
    this.files = other.media;
    this.show(other);
    this.chosen = new Set();
    this.resumed = null;
    await this.stands(other.revision);
  }

  protected written(): PaperWritten {
    return { questions: this.questions, passages: this.passages, report: this.report };
  }
  protected title(): string {
    return this.#title;
  }
  protected show({ questions, passages, report }: PaperWritten): void {
    this.items = questions.map((question) => ({ id: this.#next++, question }));
    this.passages = passages;
    this.report = report;
  }
  protected fetch(): Promise<Paper> {
    return this.#server.paper(this.id);
  }
  protected async send(revision: number, written: PaperWritten) {
    const saved = await this.#server.write(this.id, { revision, ...written });
    return { revision: saved.revision, savedAt: saved.updated_at };
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
  #snapshot(): Snapshot {
    return { items: this.items, passages: this.passages, report: this.report };
  }
  #remember(): void {
    this.#undo.push(this.#snapshot());
    if (this.#undo.length > MOST_UNDO) this.#undo.shift();
    this.canUndo = true;
    this.turn += 1;
  }
  #formerOf(id: number): Former {
    const known = this.#former.get(id) ?? new Former();
    this.#former.set(id, known);
    return known;
  }
  #put(next: Snapshot): void {
    this.#remember();
    this.items = next.items;
    this.passages = next.passages;
    this.report = next.report;
    this.touch();
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
