import { isSameFile, recall, remember, type Remembered } from "./remembered";
import { SpeedMeter } from "./speed";
import { openTransfer, type Transfer } from "./transfer";

/**
 * `away` = chosen in an earlier visit, the file itself must be chosen again to go on.
 * `interrupted` = the line or the server is gone; goes on by itself.
 */
export type UploadState = "waiting" | "sending" | "paused" | "interrupted" | "away" | "arrived" | "refused";

const AT_ONCE = 2;
const RETRY_MS = 5000;

export class UploadItem {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly lastModified: number;
  readonly organisation: string;
  readonly lesson: string | null;
  state = $state<UploadState>("waiting");
  sent = $state(0);
  /** What of it the server has said it keeps: where it goes on after a reload. */
  kept = 0;
  /** Bytes a second. */
  speed = $state<number | null>(null);
  secondsLeft = $state<number | null>(null);
  /** Message key under `error.` when refused. */
  refusal = $state<string | null>(null);
  asset = $state<string | null>(null);
  /** The lesson shows it: nothing is left to be done with it here. */
  placed = $state(false);

  constructor(entry: Remembered) {
    this.id = entry.id;
    this.filename = entry.filename;
    this.size = entry.size;
    this.lastModified = entry.lastModified;
    this.organisation = entry.organisation;
    this.lesson = entry.lesson;
    this.sent = this.kept = entry.sent;
    this.asset = entry.asset;
  }

  get fraction(): number {
    return this.size > 0 ? Math.min(1, this.sent / this.size) : 0;
  }

  get unfinished(): boolean {
    return this.state !== "arrived" && this.state !== "refused";
  }

  toRemembered(): Remembered {
    const { id, filename, size, lastModified, kept, organisation, lesson, asset } = this;
    return { id, filename, size, lastModified, sent: kept, organisation, lesson, asset };
  }
}

/** All uploads of the person in this browser. Lives outside the pages, so it survives moving between them. */
export class UploadQueue {
  items = $state<UploadItem[]>([]);
  #person = "";
  #files = new Map<string, File>();
  #transfers = new Map<string, Transfer>();
  #meters = new Map<string, SpeedMeter>();
  #retry: ReturnType<typeof setTimeout> | null = null;
  #arrivals = new Set<(item: UploadItem) => void>();

  /** Takes up what this person left unfinished here. Called when the session is known. */
  open(person: string): void {
    if (person === this.#person) return;
    for (const item of this.items) void this.#transfers.get(item.id)?.pause();
    this.#transfers.clear();
    this.#files.clear();
    this.#person = person;
    this.items = recall(localStorage, person).map((entry) => {
      const item = new UploadItem(entry);
      item.state = entry.asset ? "arrived" : "away";
      return item;
    });
  }

  /** The person leaves: nothing more is sent in her name, and what is remembered stays as it is. */
  async close(): Promise<void> {
    this.#person = "";
    this.items = [];
    this.#files.clear();
    const transfers = [...this.#transfers.values()];
    this.#transfers.clear();
    await Promise.all(transfers.map((transfer) => transfer.pause()));
  }

  /** Puts a file in the queue; a file left unfinished earlier goes on where it stopped. */
  add(file: File, to: { organisation: string; lesson: string | null }): UploadItem {
    const left = this.items.find(
      (i) => i.state === "away" && i.lesson === to.lesson && isSameFile(file, i.toRemembered()),
    );
    const item =
      left ??
      new UploadItem({
        id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
        filename: file.name,
        size: file.size,
        lastModified: file.lastModified,
        sent: 0,
        asset: null,
        ...to,
      });
    if (!left) this.items.push(item);
    const kept = this.items.find((i) => i.id === item.id) ?? item;
    this.#files.set(kept.id, file);
    kept.state = "waiting";
    this.#save();
    this.#pump();
    return kept;
  }

  /** Gives a file to an upload that waits for it; false when it is another file. */
  supply(item: UploadItem, file: File): boolean {
    if (!isSameFile(file, item.toRemembered())) return false;
    this.#files.set(item.id, file);
    item.state = "waiting";
    this.#pump();
    return true;
  }

  async pause(item: UploadItem): Promise<void> {
    item.state = "paused";
    item.speed = item.secondsLeft = null;
    await this.#transfers.get(item.id)?.pause();
    this.#save();
    this.#pump();
  }

  resume(item: UploadItem): void {
    item.refusal = null;
    item.state = this.#files.has(item.id) ? "waiting" : "away";
    this.#pump();
  }

  /** Stops it and has the server forget it. */
  async cancel(item: UploadItem): Promise<void> {
    const transfer = this.#transfers.get(item.id);
    this.forget(item);
    await transfer?.cancel();
  }

  /** Takes a finished or refused one off the list. */
  forget(item: UploadItem): void {
    this.items = this.items.filter((i) => i.id !== item.id);
    this.#transfers.delete(item.id);
    this.#files.delete(item.id);
    this.#save();
    this.#pump();
  }

  forgetFinished(): void {
    for (const item of this.items.filter((i) => i.state === "arrived")) this.forget(item);
  }

  byId(id: string): UploadItem | undefined {
    return this.items.find((i) => i.id === id);
  }

  /** Called at each arrival; returns the way to stop listening. */
  onArrival(listener: (item: UploadItem) => void): () => void {
    this.#arrivals.add(listener);
    return () => this.#arrivals.delete(listener);
  }

  /** The line is back: do not wait for the timer. */
  wake(): void {
    for (const item of this.items) if (item.state === "interrupted") item.state = "waiting";
    this.#pump();
  }

  get unfinished(): UploadItem[] {
    return this.items.filter((i) => i.unfinished);
  }

  #pump(): void {
    const sending = this.items.filter((i) => i.state === "sending").length;
    for (const item of this.items
      .filter((i) => i.state === "waiting")
      .slice(0, Math.max(0, AT_ONCE - sending)))
      void this.#send(item);
  }

  async #send(item: UploadItem): Promise<void> {
    const file = this.#files.get(item.id);
    if (!file) {
      item.state = "away";
      return;
    }
    item.state = "sending";
    const meter = new SpeedMeter();
    this.#meters.set(item.id, meter);
    try {
      let transfer = this.#transfers.get(item.id);
      if (!transfer) {
        transfer = await openTransfer(
          { file, organisation: item.organisation, person: this.#person },
          {
            progress: (sent) => this.#progress(item, sent),
            kept: (bytes) => {
              item.kept = bytes;
              this.#save();
            },
            arrived: (asset) => this.#arrived(item, asset),
            interrupted: () => this.#interrupted(item),
            refused: (code) => this.#refused(item, code),
          },
        );
        this.#transfers.set(item.id, transfer);
      }
      // It may have been paused or cancelled while the sender was being fetched.
      if (this.byId(item.id)?.state === "sending") await transfer.start();
    } catch {
      this.#interrupted(item);
    }
  }

  #progress(item: UploadItem, sent: number): void {
    const meter = this.#meters.get(item.id);
    meter?.sample(sent, performance.now());
    item.sent = sent;
    item.speed = meter?.bytesPerSecond ?? null;
    item.secondsLeft = meter?.secondsLeft(item.size) ?? null;
  }

  #arrived(item: UploadItem, asset: string): void {
    item.sent = item.kept = item.size;
    item.asset = asset;
    item.state = "arrived";
    item.speed = item.secondsLeft = null;
    this.#files.delete(item.id);
    this.#save();
    for (const listener of this.#arrivals) listener(item);
    this.#pump();
  }

  #interrupted(item: UploadItem): void {
    if (item.state !== "sending") return;
    item.state = "interrupted";
    item.speed = item.secondsLeft = null;
    this.#save();
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.wake();
    }, RETRY_MS);
    this.#pump();
  }

  #refused(item: UploadItem, code: string): void {
    item.refusal = code;
    item.state = "refused";
    item.speed = item.secondsLeft = null;
    this.#save();
    this.#pump();
  }

  #save(): void {
    if (this.#person)
      remember(
        localStorage,
        this.#person,
        this.items.filter((i) => i.state !== "refused").map((i) => i.toRemembered()),
      );
  }
}

export const uploads = new UploadQueue();
