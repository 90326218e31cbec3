import type { Copy, Shelf } from "./shelf";

const COPY_MS = 250;

/** The copy on this device of one thing that is being written, made anew a moment after each change. */
export class DeviceCopy<Written extends object> {
  /** False when this browser keeps nothing: what is not on the server is then only on screen. */
  works = $state(true);
  readonly id: string;
  #shelf: Shelf<Written>;
  #make: () => Copy<Written> | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `make` gives what there is to keep now, or null when the server has it all. */
  constructor(id: string, shelf: Shelf<Written>, make: () => Copy<Written> | null) {
    this.id = id;
    this.#shelf = shelf;
    this.#make = make;
  }

  read(): Promise<Copy<Written> | null> {
    return this.#shelf.read(this.id).catch(() => null);
  }
  /** Something has changed. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), COPY_MS);
  }
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    const copy = this.#make();
    if (!copy) return;
    try {
      await this.#shelf.write(this.id, copy);
      this.works = true;
    } catch {
      this.works = false;
    }
  }
  /** The server has it all, or nobody wants it any more. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#shelf.drop(this.id).catch(() => undefined);
  }

  /** While its page is open: the newest is kept when the page goes. Gives how to end it. */
  attend(): () => void {
    const keep = () => void this.keep();
    const hide = () => document.hidden && keep();
    const warn = (event: BeforeUnloadEvent) => {
      if (!this.works && this.#make()) event.preventDefault();
    };
    document.addEventListener("visibilitychange", hide);
    window.addEventListener("pagehide", keep);
    window.addEventListener("beforeunload", warn);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      window.removeEventListener("pagehide", keep);
      window.removeEventListener("beforeunload", warn);
    };
  }
}
