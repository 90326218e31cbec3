import { asProblem } from "$lib/api/problem";
import {
  device,
  deviceClock,
  type AnswerSent,
  type Checked,
  type EventKind,
  type Message,
  type Receipt,
  type Saved,
  type ShownPaper,
  type Sitting,
} from "./api";
import { filesOf, openFile, openPaper } from "./sealed";
import { MOST_PHOTOS, NoPicture, nameOf, prepare, type PhotoTrouble } from "./photos";
import { holdsUnsent, sittingStore, type Kept, type KeptPaper, type KeptPhoto, type Unsent } from "./store";
import { essayOf, essayText, isAnswered, photosOf, type TestResponse } from "./response";

const BETWEEN_MS = 2000;
const HEARTBEAT_MS = 15_000;
const LONGEST_WAIT_MS = 30_000;
const TYPING_MS = 400;
const MOST_AT_ONCE = 50;
const CHECK_MS = 8000;
const PHOTO_TRIES = 3;
/** So long a camera may take to come. */
const CAMERA_MS = 5000;

type Answer = Extract<Unsent, { kind: "answer" }>;

/** How it stands between this device and the server. */
export type Line = "saved" | "sending" | "offline";

/** A photo as it is shown: where it is, and how far. */
export interface ShownPhoto {
  url: string;
  state: KeptPhoto["state"];
}

/** An attempt at this device: what is on screen, what lies here, what the server has. */
export class SittingDesk {
  readonly key: string;
  readonly sitting: Sitting;
  readonly paper: ShownPaper;
  answers = $state.raw<Readonly<Record<number, TestResponse | null>>>({});
  flags = $state.raw<ReadonlySet<number>>(new Set());
  files = $state.raw<Readonly<Record<number, string>>>({});
  /** Photos of work by their names, those that are on this device. */
  photos = $state.raw<Readonly<Record<string, ShownPhoto>>>({});
  /** Items with an answer, or a photo of one, that the server has not acknowledged. */
  waiting = $state.raw<ReadonlySet<number>>(new Set());
  /** Items with an answer that the server has not taken, and why. */
  refused = $state.raw<readonly Answer[]>([]);
  online = $state(true);
  /** False when this browser keeps nothing: then nothing may be closed before it is sent. */
  keeps = $state(true);
  locked = $state(false);
  elsewhere = $state(false);
  /** The server knows nothing of this device any more. */
  unknown = $state(false);
  handingIn = $state(false);
  receipt = $state.raw<Receipt | null>(null);
  messages = $state.raw<readonly Message[]>([]);
  seenMessages = $state(0);
  dueAt = $state<number | null>(null);
  /** The server's clock, in microseconds; moves on by itself. */
  now = $state(0);

  #unsent: Unsent[] = [];
  #typing = new Map<number, { timer: ReturnType<typeof setTimeout>; at: number; response: TestResponse | null }>();
  #writing: Promise<unknown> = Promise.resolve();
  #sequence: number;
  #eventSequence: number;
  #offset: number;
  #anchor: { server: number; steady: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;
  #clock: ReturnType<typeof setInterval> | undefined;
  #busy = false;
  #ended = false;
  #sentAt = 0;
  #failures = 0;
  #byTime = false;
  #missedSince: number | null = null;
  #batch = MOST_AT_ONCE;
  #photos = new Map<string, KeptPhoto>();
  #carrying = false;
  #photographing = false;
  #fetching = false;
  #missedPhotos = 0;

  private constructor(kept: Kept, { paper }: KeptPaper, unsent: Unsent[], photos: KeptPhoto[] = []) {
    this.key = kept.key;
    this.sitting = kept.sitting;
    this.paper = paper;
    this.answers = kept.answers;
    this.flags = new Set(kept.flags);
    this.messages = kept.messages;
    this.seenMessages = kept.seenMessages;
    this.dueAt = kept.dueAt;
    this.handingIn = kept.handingIn;
    this.receipt = kept.receipt;
    this.#sequence = kept.sequence;
    this.#eventSequence = kept.eventSequence;
    this.#offset = kept.offset;
    this.#unsent = unsent;
    for (const photo of photos) this.#show(photo);
    this.now = deviceClock() + kept.offset;
    this.#count();
  }

  /** An attempt that has just begun here. */
  static async begin(owner: string, place: string, sitting: Sitting): Promise<SittingDesk> {
    const key = `${sitting.attempt_id}/${sitting.device}`;
    const { answers, ...rest } = sitting;
    const kept: Kept = {
      key,
      owner,
      place,
      sitting: { ...rest, answers: [] },
      answers: Object.fromEntries(answers.map(({ item, response }) => [item, response])),
      flags: [],
      sequence: 0,
      eventSequence: 0,
      offset: sitting.now - deviceClock(),
      dueAt: sitting.due_at,
      messages: [],
      seenMessages: 0,
      handingIn: false,
      receipt: null,
    };
    const paper: KeptPaper = { key, paper: await openPaper(sitting), files: {} };
    let keeps = true;
    try {
      await sittingStore.put(kept);
      await sittingStore.putPaper(paper);
    } catch {
      keeps = false;
    }
    const desk = new SittingDesk(kept, paper, []);
    desk.keeps = keeps;
    void desk.#fetchFiles(paper);
    void desk.#fetchPhotos();
    return desk;
  }

  /** The attempt this device still has, after a reload or a flat battery. */
  static async resume(kept: Kept): Promise<SittingDesk> {
    const paper =
      (await sittingStore.paper(kept.key)) ?? ({ key: kept.key, paper: await openPaper(kept.sitting), files: {} } satisfies KeptPaper);
    const desk = new SittingDesk(kept, paper, await sittingStore.unsent(kept.key), await sittingStore.photos(kept.key));
    void desk.#fetchFiles(paper);
    void desk.#fetchPhotos();
    if (!kept.receipt) desk.happened("reloaded");
    return desk;
  }

  /** Sends what an earlier device's record still holds, once. */
  static async sendLeft(kept: Kept, unsent: Unsent[]): Promise<void> {
    const nothing: ShownPaper = { parts: [], items: [], passages: [] };
    const desk = new SittingDesk(kept, { key: kept.key, paper: nothing, files: {} }, unsent, await sittingStore.photos(kept.key));
    if (desk.#pending().length > 0) await desk.#send();
    await desk.#sendPhotos();
  }

  get line(): Line {
    return !this.online ? "offline" : this.waiting.size > 0 ? "sending" : "saved";
  }
  /** The end that is shown: what the rules allow beyond it is for handing in. */
  get endsAt(): number | null {
    return this.dueAt === null ? null : this.dueAt - (this.sitting.rules.grace_seconds ?? 0) * 1_000_000;
  }
  get over(): boolean {
    return this.dueAt !== null && this.now >= this.dueAt;
  }
  /** Whether answers can still be changed. */
  get open(): boolean {
    return !this.over && !this.locked && !this.elsewhere && !this.unknown && !this.handingIn && !this.receipt;
  }
  /** Items that ask for an answer and have none. */
  get unanswered(): number {
    return this.paper.items.filter((item, at) => item.shape.kind !== "nothing" && !isAnswered(this.answers[at])).length;
  }

  answer(item: number, response: TestResponse | null): void {
    if (!this.open) return;
    this.#cancelTyping(item);
    this.answers = { ...this.answers, [item]: response };
    this.#write(item, response, deviceClock());
  }
  /** Something is being typed: kept when the hand rests, or leaves the field. */
  type(item: number, response: TestResponse | null): void {
    if (!this.open) return;
    this.#cancelTyping(item);
    this.answers = { ...this.answers, [item]: response };
    const at = deviceClock();
    const timer = setTimeout(() => this.settle(item), TYPING_MS);
    this.#typing.set(item, { timer, at, response });
    this.#count();
  }
  /** Keeps what is being typed now. */
  settle(item?: number): void {
    for (const [each, { timer, at, response }] of [...this.#typing]) {
      if (item !== undefined && item !== each) continue;
      clearTimeout(timer);
      this.#typing.delete(each);
      this.#write(each, response, at);
    }
  }
  /**
   * Photos of what was worked out on paper: made smaller, kept here, and only then named by the answer. That takes
   * its time, so they go to the question they were taken for, whichever is on screen by then, beside what its answer
   * holds by then. One that cannot be taken over keeps none of the others back; gives what was wrong.
   */
  async takePhotos(item: number, files: readonly Blob[]): Promise<PhotoTrouble | null> {
    let wrong: PhotoTrouble | null = null;
    for (const file of files) {
      if (photosOf(this.answers[item]).length >= MOST_PHOTOS) return "too_many";
      try {
        const name = await this.#takePhoto(file);
        const answer = this.answers[item];
        const names = photosOf(answer);
        if (!names.includes(name)) this.answer(item, essayOf(essayText(answer), [...names, name]));
      } catch (error) {
        wrong = error instanceof NoPicture ? "unreadable" : "failed";
      }
    }
    return wrong;
  }
  /** The camera comes before the page: told as that, not as having left it. */
  leaveForPhoto(): void {
    this.settle();
    this.#photographing = true;
    // On a desk a list of files opens above the page, which is never left then.
    setTimeout(() => {
      if (!document.hidden) this.#photographing = false;
    }, CAMERA_MS);
  }
  /** Photos that answers name and that the server has not. */
  get photosWaiting(): number {
    return this.#named().filter(({ name }) => this.photos[name]?.state === "waiting").length;
  }
  /**
   * Photos hold up who hands in before the end, unless the server takes answers and no photo, time and again. They come
   * after it then, as they do at the end: their answers have said what they are.
   */
  get #photosHoldUp(): boolean {
    return !this.over && this.photosWaiting > 0 && this.#missedPhotos < PHOTO_TRIES;
  }
  /** After it was handed in: what is still on its way goes on. Gives how to end it. */
  carryOn(): () => void {
    this.#ended = false;
    void this.#sendPhotos();
    return () => (this.#ended = true);
  }
  flag(item: number): void {
    const flags = new Set(this.flags);
    if (!flags.delete(item)) flags.add(item);
    this.flags = flags;
    this.#note((kept) => (kept.flags = [...flags]));
  }
  readMessages(): void {
    this.seenMessages = this.messages.length;
    this.#note((kept) => (kept.seenMessages = this.messages.length));
  }
  /** Something happened around the test. A hint for the teacher, no more. */
  happened(kind: EventKind, lasted_ms: number | null = null): void {
    const at = deviceClock();
    this.#writing = this.#writing.then(async () => {
      let made: Unsent | null = null;
      const make = (sequence: number): Unsent => ({
        kind: "event",
        key: this.key,
        sequence,
        event: { sequence, kind, at, lasted_ms },
      });
      await sittingStore
        .change(this.key, (kept) => {
          kept.eventSequence = Math.max(kept.eventSequence, this.#eventSequence) + 1;
          return (made = make(kept.eventSequence));
        })
        .catch(() => (this.keeps = false));
      const event = made ?? make(this.#eventSequence + 1);
      this.#eventSequence = event.sequence;
      this.#unsent.push(event);
    });
  }
  /** In practice: whether what stands there is right. It is saved first, since only that is looked at. */
  async check(item: number): Promise<Checked> {
    this.settle(item);
    await this.#writing;
    for (const until = Date.now() + CHECK_MS; this.waiting.has(item) && Date.now() < until; ) {
      this.#wake(0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (!this.online) break;
    }
    return device.check(this.sitting.token, item);
  }
  /** Everything is sent, then it is handed in; it is only when the server says so. */
  handIn(): void {
    this.settle();
    this.handingIn = true;
    this.#note((kept) => (kept.handingIn = true));
    this.#wake(0);
  }

  /** While its page is open. Gives how to end it. */
  attend(): () => void {
    this.#clock = setInterval(() => this.#tick(), 500);
    const online = () => {
      this.#failures = 0;
      this.#wake(0);
    };
    const leave = () => this.settle();
    const warn = (event: BeforeUnloadEvent) => {
      this.settle();
      if (!this.keeps && this.waiting.size > 0) event.preventDefault();
    };
    let hiddenAt = 0;
    const turn = () => {
      if (this.receipt) return;
      const lasted = hiddenAt ? Date.now() - hiddenAt : null;
      if (document.hidden) {
        hiddenAt = Date.now();
        this.settle();
        if (!this.#photographing) this.happened("lost_focus");
        this.#wake(0);
      } else if (this.#photographing) {
        this.#photographing = false;
        this.happened("took_photo", lasted);
      } else this.happened("back_in_focus", lasted);
    };
    const screen = () => {
      if (!document.fullscreenElement && this.sitting.rules.full_screen && !this.receipt)
        this.happened("left_full_screen");
    };
    window.addEventListener("online", online);
    window.addEventListener("pagehide", leave);
    window.addEventListener("beforeunload", warn);
    document.addEventListener("visibilitychange", turn);
    document.addEventListener("fullscreenchange", screen);
    this.#wake(0);
    return () => {
      this.settle();
      this.#ended = true;
      clearInterval(this.#clock);
      clearTimeout(this.#timer);
      window.removeEventListener("online", online);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("beforeunload", warn);
      document.removeEventListener("visibilitychange", turn);
      document.removeEventListener("fullscreenchange", screen);
      for (const url of Object.values(this.files)) URL.revokeObjectURL(url);
      for (const { url } of Object.values(this.photos)) URL.revokeObjectURL(url);
    };
  }

  #cancelTyping(item: number): void {
    clearTimeout(this.#typing.get(item)?.timer);
    this.#typing.delete(item);
  }
  #write(item: number, response: TestResponse | null, at: number): void {
    this.#writing = this.#writing.then(async () => {
      let made: Answer | null = null;
      const make = (sequence: number): Answer => {
        const answer: AnswerSent = { sequence, item, at, response };
        return { kind: "answer", key: this.key, sequence, answer, refused: null };
      };
      await sittingStore
        .change(this.key, (kept) => {
          kept.sequence = Math.max(kept.sequence, this.#sequence) + 1;
          kept.answers[item] = response;
          return (made = make(kept.sequence));
        })
        .catch(() => (this.keeps = false));
      const answer = made ?? make(this.#sequence + 1);
      this.#sequence = answer.sequence;
      this.#unsent.push(answer);
      this.#count();
      this.#wake(Math.max(0, this.#sentAt + BETWEEN_MS - Date.now()));
    });
    this.waiting = new Set([...this.waiting, item]);
  }
  #note(act: (kept: Kept) => void): void {
    this.#writing = this.#writing.then(() =>
      sittingStore
        .change(this.key, (kept) => {
          act(kept);
          return null;
        })
        .catch(() => (this.keeps = false)),
    );
  }
  #pending(): Answer[] {
    return this.#unsent.filter((each): each is Answer => each.kind === "answer" && each.refused === null);
  }
  #count(): void {
    const photos = this.#named().filter(({ name }) => this.photos[name]?.state === "waiting");
    const items = [...this.#pending().map(({ answer }) => answer.item), ...this.#typing.keys(), ...photos.map(({ item }) => item)];
    this.waiting = new Set(items);
    this.refused = this.#unsent.filter((each): each is Answer => each.kind === "answer" && each.refused !== null);
  }

  #tick(): void {
    const steady = this.#anchor ? this.#anchor.server + (performance.now() - this.#anchor.steady) * 1000 : 0;
    // A clock set back gives no time; one set forward is found out by asking before anything ends.
    this.now = Math.max(steady, deviceClock() + this.#offset);
    if (this.over && !this.receipt && !this.handingIn && !this.elsewhere && !this.unknown) {
      this.#byTime = true;
      this.handIn();
    }
  }
  #wake(wait: number): void {
    if (this.#ended || this.receipt || this.unknown) return;
    const at = Date.now() + wait;
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      void this.#turn();
    }, wait);
  }
  async #turn(): Promise<void> {
    if (this.#busy || this.#ended) return;
    this.#busy = true;
    let wait = HEARTBEAT_MS + Math.random() * 5000;
    try {
      await this.#send();
      // More time may have been given meanwhile.
      if (this.#byTime && this.handingIn && this.dueAt !== null && this.now < this.dueAt) {
        this.#byTime = this.handingIn = false;
        this.#note((kept) => (kept.handingIn = false));
      }
      void this.#sendPhotos();
      void this.#fetchPhotos();
      if (this.#pending().length > 0) wait = BETWEEN_MS;
      else if (this.handingIn && !this.elsewhere && !this.#photosHoldUp) await this.#finish();
    } catch (error) {
      wait = this.#missed(error);
    } finally {
      this.#busy = false;
    }
    this.#wake(wait);
  }

  async #send(): Promise<void> {
    await this.#writing;
    const answers = this.#pending()
      .toSorted((a, b) => a.sequence - b.sequence)
      .slice(0, this.#batch);
    const events = this.#unsent.filter((each) => each.kind === "event").slice(0, MOST_AT_ONCE);
    const left = Date.now();
    this.#sentAt = left;
    const saved = await device.save(
      this.sitting.token,
      answers.map(({ answer }) => answer),
      events.map(({ event }) => event),
    );
    this.#heard(saved, left);
    const why = new Map(saved.refused.map(({ sequence, because }) => [sequence, because]));
    const gone: Unsent[] = [...events];
    const stay: Unsent[] = [];
    for (const each of answers) {
      const because = why.get(each.sequence);
      if (because === undefined) gone.push(each);
      else stay.push(Object.assign(each, { refused: because }));
    }
    this.#unsent = this.#unsent.filter((each) => !gone.includes(each));
    this.#count();
    await sittingStore.settle(gone, stay).catch(() => (this.keeps = false));
    const newest = this.messages.at(-1)?.sent_at ?? 0;
    if (saved.message_at !== null && saved.message_at > newest) await this.#fetchMessages();
    if (saved.handed_in && !this.receipt) await this.#finish();
  }
  #heard(saved: Saved, left: number): void {
    const back = Date.now();
    this.#offset = saved.now - ((left + back) / 2) * 1000;
    this.#anchor = { server: saved.now + ((back - left) / 2) * 1000, steady: performance.now() };
    this.now = this.#anchor.server;
    // Stopped or handed in by mistake and opened again: what was refused for it is offered once more.
    if ((this.locked && !saved.locked) || (this.elsewhere && !saved.other_device)) this.#offerAgain();
    this.locked = saved.locked;
    this.elsewhere = saved.other_device;
    if (this.dueAt !== saved.due_at) this.#note((kept) => (kept.dueAt = saved.due_at));
    this.dueAt = saved.due_at;
    const offset = this.#offset;
    this.#note((kept) => (kept.offset = offset));
    this.online = true;
    this.#failures = 0;
    this.#batch = MOST_AT_ONCE;
    if (this.#missedSince !== null) {
      this.happened("was_offline", back - this.#missedSince);
      this.#missedSince = null;
    }
  }
  #offerAgain(): void {
    for (const each of this.#unsent) if (each.kind === "answer" && each.refused === "locked") each.refused = null;
    // What an answer names that was refused was refused with it.
    for (const photo of this.#photos.values()) {
      if (photo.state !== "refused") continue;
      photo.state = "waiting";
      void sittingStore.putPhoto(photo).catch(() => (this.keeps = false));
      this.#show(photo);
    }
    this.#count();
  }
  /** Gives how long to wait before the next try; there is always one. */
  #missed(error: unknown): number {
    const problem = asProblem(error);
    if (problem.status === 401) {
      this.unknown = true;
      return LONGEST_WAIT_MS;
    }
    if (problem.status === 413) this.#batch = Math.max(1, Math.floor(this.#batch / 2));
    else {
      this.online = false;
      this.#missedSince ??= Date.now();
    }
    this.#failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, BETWEEN_MS * 2 ** (this.#failures - 1));
    return Math.max(wait, (problem.retryAfter ?? 0) * 1000) * (0.75 + Math.random() / 2);
  }
  async #finish(): Promise<void> {
    const receipt = await device.handIn(this.sitting.token);
    this.receipt = receipt;
    this.online = true;
    this.#note((kept) => (kept.receipt = receipt));
    await this.#writing;
  }
  async #takePhoto(file: Blob): Promise<string> {
    const blob = await prepare(file);
    const name = await nameOf(blob);
    const known = this.#photos.get(name);
    const photo: KeptPhoto = known ?? { key: this.key, name, blob, state: "waiting" };
    // Taken back and taken again after it was refused: it is tried anew.
    if (photo.state === "refused") photo.state = "waiting";
    await sittingStore.putPhoto(photo).catch(() => (this.keeps = false));
    this.#show(photo);
    return name;
  }
  #named(): { item: number; name: string }[] {
    return Object.entries(this.answers).flatMap(([item, answer]) => photosOf(answer).map((name) => ({ item: Number(item), name })));
  }
  #show(photo: KeptPhoto): void {
    this.#photos.set(photo.name, photo);
    const url = this.photos[photo.name]?.url ?? URL.createObjectURL(photo.blob);
    this.photos = { ...this.photos, [photo.name]: { url, state: photo.state } };
  }
  /** One after another, each after the answer that names it; beside the answers, which never wait for them. */
  async #sendPhotos(): Promise<void> {
    if (this.#carrying || this.unknown) return;
    this.#carrying = true;
    try {
      for (let photo = this.#nextPhoto(); photo && !this.#ended; photo = this.#nextPhoto()) {
        await this.#sendPhoto(photo);
        this.#missedPhotos = 0;
      }
    } catch {
      this.#missedPhotos += 1;
      const wait = Math.min(LONGEST_WAIT_MS, BETWEEN_MS * 2 ** this.#missedPhotos);
      if (!this.#ended) setTimeout(() => void this.#sendPhotos(), wait);
    } finally {
      this.#carrying = false;
    }
    if (this.handingIn && !this.receipt && !this.#photosHoldUp) this.#wake(0);
  }
  #nextPhoto(): KeptPhoto | undefined {
    const unsaved = new Set([...this.#pending().map(({ answer }) => answer.item), ...this.#typing.keys()]);
    const ready = this.#named().filter(({ item }) => !unsaved.has(item));
    return ready.map(({ name }) => this.#photos.get(name)).find((photo) => photo?.state === "waiting");
  }
  async #sendPhoto(photo: KeptPhoto): Promise<void> {
    let state: KeptPhoto["state"] = "sent";
    try {
      await device.putPhoto(this.sitting.token, photo.name, photo.blob);
    } catch (error) {
      // The server will never take it; everything else is tried again.
      if (![409, 413, 422].includes(asProblem(error).status ?? 0)) throw error;
      state = "refused";
    }
    photo.state = state;
    await sittingStore.putPhoto(photo).catch(() => (this.keeps = false));
    this.#show(photo);
    this.#count();
  }
  /** Photos of another device of this attempt, as soon as that device has sent them. */
  async #fetchPhotos(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      for (const { name } of this.#named()) {
        if (this.#photos.has(name)) continue;
        const blob = await device.photo(this.sitting.token, name).catch(() => null);
        if (!blob || this.#ended) continue;
        const photo: KeptPhoto = { key: this.key, name, blob, state: "sent" };
        await sittingStore.putPhoto(photo).catch(() => undefined);
        this.#show(photo);
      }
    } finally {
      this.#fetching = false;
    }
  }
  async #fetchMessages(): Promise<void> {
    const messages = await device.messages(this.sitting.token);
    this.messages = messages.toSorted((a, b) => a.sent_at - b.sent_at);
    this.#note((kept) => (kept.messages = [...this.messages]));
  }
  async #fetchFiles(kept: KeptPaper): Promise<void> {
    const files = { ...kept.files };
    for (const [number, mime] of filesOf(kept.paper)) {
      const had = files[number];
      const blob = had ?? (await openFile(this.sitting, number, mime).catch(() => null));
      if (!blob || this.#ended) continue;
      files[number] = blob;
      this.files = { ...this.files, [number]: URL.createObjectURL(blob) };
      if (!had) await sittingStore.putPaper({ ...kept, files }).catch(() => undefined);
    }
  }
}

/**
 * What other records on this device still hold goes out too, one try each: of a pupil's earlier device, and of
 * those who sat here before her and were cut off. It needs no more than the secret that lies beside it, and
 * nothing of it is shown.
 */
export async function sendLeftovers(but: string): Promise<void> {
  for (const kept of await sittingStore.everybodys().catch(() => [])) {
    if (kept.key === but) continue;
    if (!(await holdsUnsent(kept).catch(() => false))) continue;
    const unsent = await sittingStore.unsent(kept.key).catch(() => []);
    await SittingDesk.sendLeft(kept, unsent).catch(() => undefined);
  }
}
