/**
 * How fast an upload goes and how long it will still take. A window of the last seconds, so that
 * the figure follows a phone from the yard into the house without jumping at each chunk.
 */
export class SpeedMeter {
  readonly #window: number;
  #samples: { at: number; bytes: number }[] = [];

  constructor(windowMs = 8000) {
    this.#window = windowMs;
  }

  /** `bytes` = sent so far, `now` in milliseconds. */
  sample(bytes: number, now: number): void {
    this.#samples.push({ at: now, bytes });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > this.#window)
      this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** Bytes a second; null while there is too little to say. */
  get bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 500) return null;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }

  /** Seconds left until `total` bytes; null while unknown or standing still. */
  secondsLeft(total: number): number | null {
    const speed = this.bytesPerSecond;
    const last = this.#samples.at(-1);
    if (!speed || !last) return null;
    return Math.max(0, (total - last.bytes) / speed);
  }
}
