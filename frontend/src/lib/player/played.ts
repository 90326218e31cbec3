import { toUs } from "./clock";

export type Range = [from_us: number, to_us: number];

/**
 * Which seconds were really played. Fed by the position at each `timeupdate`, it believes a step
 * only when the media moved no faster than the clock and the speed allow; so a seek, a jump of
 * the element or a sleeping tab adds nothing.
 */
export class PlayedRanges {
  #open: { from: number; to: number; at: number } | null = null;
  #done: Range[] = [];

  /** `position` in seconds of media, `now` in milliseconds of a clock that never goes back. */
  advance(position: number, rate: number, now: number): void {
    const open = this.#open;
    if (!open) {
      this.#open = { from: position, to: position, at: now };
      return;
    }
    const step = position - open.to;
    // Half a second of slack: timeupdate comes late, and its clock is not ours.
    const most = ((now - open.at) / 1000) * rate * 1.1 + 0.5;
    if (step < 0 || step > most) {
      this.interrupt();
      this.#open = { from: position, to: position, at: now };
      return;
    }
    open.to = position;
    open.at = now;
  }

  /** A seek, a pause or the end: what follows is a new range. */
  interrupt(): void {
    const open = this.#open;
    this.#open = null;
    if (open && open.to > open.from) this.#done.push([toUs(open.from), toUs(open.to)]);
  }

  /** Hands over everything played since the last call; an open range goes on from where it is. */
  take(): Range[] {
    const open = this.#open;
    this.interrupt();
    if (open) this.#open = { from: open.to, to: open.to, at: open.at };
    const taken = this.#done;
    this.#done = [];
    return taken;
  }

  get empty(): boolean {
    return this.#done.length === 0 && !(this.#open && this.#open.to > this.#open.from);
  }
}
