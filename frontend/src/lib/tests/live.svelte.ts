import { tests, type Board, type BoardChange } from "./api";

/** How long one stream lasts; then another is asked for, and the server looks again who asks. */
const SECONDS = 240;
/** The whole board anew, now and then: names, and whatever a stream does not tell. */
const WHOLE_MS = 60_000;
/** The pause after a stream that broke; meanwhile the board is asked for as a whole. */
const AGAIN_MS = 4000;

/** A board with a change in it. */
export function applied(board: Board, change: BoardChange): Board {
  const whole = new Map(change.attempts.map((each) => [each.person_id ?? each.entrant_id, each.attempt]));
  const counts = new Map(change.answered.map(([id, answered, heard_at]) => [id, { answered, heard_at }]));
  const rows = board.rows.map((row) => {
    const next = whole.get(row.person_id ?? row.entrant_id);
    if (next) return { ...row, attempt: next };
    const count = row.attempt && counts.get(row.attempt.id);
    return row.attempt && count ? { ...row, attempt: { ...row.attempt, ...count } } : row;
  });
  return { ...board, now: change.now, rows };
}

/** Whether a change is of somebody who is not on the board yet. */
export function namesNew(board: Board, change: BoardChange): boolean {
  const known = new Set(board.rows.map((row) => row.person_id ?? row.entrant_id));
  return change.attempts.some((each) => !known.has(each.person_id ?? each.entrant_id));
}

/** The board of a test while it is looked at: read once, then told what changes; asked for again where that fails. */
export class LiveBoard {
  board = $state.raw<Board | null>(null);
  failure = $state.raw<unknown>(null);
  #test: string;
  #stream: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  /** The server's clock less this one's, in microseconds. */
  #offset = 0;

  constructor(test: string) {
    this.#test = test;
  }
  start(): () => void {
    const seen = () => (document.hidden ? this.#rest() : void this.#begin());
    document.addEventListener("visibilitychange", seen);
    void this.#begin();
    return () => {
      this.#ended = true;
      document.removeEventListener("visibilitychange", seen);
      this.#rest();
    };
  }
  /** The server's clock now. */
  now(): number {
    return Date.now() * 1000 + this.#offset;
  }
  async load(): Promise<void> {
    try {
      const board = await tests.board(this.#test);
      this.#offset = board.now - Date.now() * 1000;
      this.board = board;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
  }
  #rest(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }
  async #begin(): Promise<void> {
    this.#rest();
    await this.load();
    if (this.#ended || document.hidden) return;
    if (!this.board || typeof EventSource === "undefined") return this.#later(AGAIN_MS);
    const stream = new EventSource(`/api/tests/${this.#test}/board/changes?since=${this.board.now}&seconds=${SECONDS}`);
    this.#stream = stream;
    stream.onmessage = (message: MessageEvent<string>) => {
      if (stream !== this.#stream || !this.board) return;
      const change = JSON.parse(message.data) as BoardChange;
      const strange = namesNew(this.board, change);
      this.board = applied(this.board, change);
      if (strange) void this.load();
    };
    stream.onerror = () => {
      if (stream !== this.#stream) return;
      this.#rest();
      this.#later(AGAIN_MS);
    };
    this.#later(WHOLE_MS);
  }
  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#begin(), ms);
  }
}
