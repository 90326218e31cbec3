import { body } from "$lib/api/client";
import type { Page } from "$lib/api/types";

/** One thing fetched for a page: nothing yet, a value, or an error; a newer run makes older ones moot. */
export class Loading<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  busy = $state(false);
  #run = 0;

  async run(fetch: () => Promise<T>): Promise<void> {
    const mine = ++this.#run;
    this.busy = true;
    this.error = null;
    try {
      const value = await fetch();
      if (mine === this.#run) this.value = value;
    } catch (error) {
      if (mine === this.#run) this.error = error;
    } finally {
      if (mine === this.#run) this.busy = false;
    }
  }
}

type Reply = Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** A list that grows page by page behind "Xem thêm". */
export class PagedList<T> {
  items = $state.raw<T[]>([]);
  next = $state<string | null>(null);
  error = $state.raw<unknown>(null);
  busy = $state(false);
  /** True once the first page has come. */
  ready = $state(false);
  #run = 0;
  #ask: (after: string | undefined) => Reply;

  constructor(ask: (after: string | undefined) => Reply) {
    this.#ask = ask;
  }
  /** Starts over, for new filters; what is shown stays until the new page comes. */
  async start(): Promise<void> {
    await this.#fetch(undefined);
  }
  async more(): Promise<void> {
    if (this.next !== null && !this.busy) await this.#fetch(this.next);
  }
  async #fetch(after: string | undefined): Promise<void> {
    const mine = ++this.#run;
    this.busy = true;
    this.error = null;
    try {
      const page = await body<Page<T>>(this.#ask(after));
      if (mine !== this.#run) return;
      this.items = after === undefined ? page.items : [...this.items, ...page.items];
      this.next = page.next;
      this.ready = true;
    } catch (error) {
      if (mine === this.#run) this.error = error;
    } finally {
      if (mine === this.#run) this.busy = false;
    }
  }
}
