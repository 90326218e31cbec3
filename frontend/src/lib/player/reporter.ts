import { toUs } from "./clock";
import { PlayedRanges, type Range } from "./played";

/** One claim of what was played; the server refuses a sequence it has seen. */
export interface WatchReport {
  session: string;
  sequence: number;
  position_us: number;
  rate: number;
  played: Range[];
}

/** Why a report goes out now: a page that is leaving must not wait for the answer. */
export type Urgency = "usual" | "leaving";

/** `kept` = try again later with the same sequence, `gone` = the server will never take it. */
export type SendOutcome = "accepted" | "kept" | "gone";
export type Send = (report: WatchReport, urgency: Urgency) => Promise<SendOutcome>;

const EVERY_MS = 10_000;

/**
 * Tells the server where the viewer is and what was really played. While the line is down nothing
 * is lost: the report that failed keeps its number, and what is played meanwhile waits behind it.
 */
export class WatchReporter {
  readonly #played = new PlayedRanges();
  #sequence = 0;
  #unsent: WatchReport | null = null;
  #busy = false;
  #lastSent: number | null = null;
  #position = 0;
  #rate = 1;
  #moved = false;

  constructor(
    private readonly session: string,
    private readonly send: Send,
  ) {}

  /** At each timeupdate while playing. */
  advance(position: number, rate: number, now: number): void {
    this.#played.advance(position, rate, now);
    this.#note(position, rate);
    this.#lastSent ??= now;
    if (now - this.#lastSent >= EVERY_MS) {
      this.#lastSent = now;
      void this.flush("usual");
    }
  }

  /** A pause, the end, or the start of a seek. */
  async interrupt(position: number, rate: number): Promise<void> {
    this.#played.interrupt();
    this.#note(position, rate);
    await this.flush("usual");
  }

  async flush(urgency: Urgency): Promise<void> {
    if (this.#busy && urgency === "usual") return;
    if (this.#unsent && !this.#busy && !(await this.#deliver(this.#unsent, urgency))) {
      if (urgency === "usual") return;
    }
    if (!this.#moved && this.#played.empty) return;
    const report: WatchReport = {
      session: this.session,
      sequence: ++this.#sequence,
      position_us: toUs(this.#position),
      rate: this.#rate,
      played: this.#played.take(),
    };
    this.#moved = false;
    await this.#deliver(report, urgency);
  }

  #note(position: number, rate: number): void {
    if (position !== this.#position) this.#moved = true;
    this.#position = position;
    this.#rate = rate;
  }

  async #deliver(report: WatchReport, urgency: Urgency): Promise<boolean> {
    this.#unsent = report;
    this.#busy = true;
    try {
      const outcome = await this.send(report, urgency);
      if (outcome === "kept") return false;
      if (this.#unsent === report) this.#unsent = null;
      return true;
    } finally {
      this.#busy = false;
    }
  }
}
