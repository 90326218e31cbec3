import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Asset } from "$lib/api";
import { assets as api } from "./api";

const EVERY_MS = 1000;

const settled = (asset: Asset | null) => asset?.state === "ready" || asset?.state === "failed";

class Entry {
  asset = $state<Asset | null>(null);
  /** The asset is gone, or not ours to see. */
  missing = $state(false);
  readers = 0;
}

/**
 * The files a page shows, each asked about once a second while it is still being worked on and
 * somebody looks. One timer for all of them, and none while the tab is hidden.
 */
class AssetShelf {
  // Reactive itself: a file may be looked at before anything is known of it.
  #entries = new SvelteMap<string, Entry>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    if (typeof document === "undefined") return;
    document.addEventListener("visibilitychange", () => this.#schedule(0));
  }

  /** What is known of a file; reactive. */
  peek(id: string): Asset | null {
    return this.#entries.get(id)?.asset ?? null;
  }
  missing(id: string): boolean {
    return this.#entries.get(id)?.missing ?? false;
  }

  /** Puts in what came with a lesson, so that nothing is asked twice. */
  put(asset: Asset): void {
    this.#entry(asset.id).asset = asset;
  }

  /** Keeps a file fresh until the returned function is called. */
  follow(id: string): () => void {
    const entry = this.#entry(id);
    entry.readers += 1;
    if (!settled(untrack(() => entry.asset))) this.#schedule(0);
    return () => {
      entry.readers -= 1;
    };
  }

  async refresh(id: string): Promise<void> {
    const entry = this.#entry(id);
    try {
      entry.asset = await api.read(id);
      entry.missing = false;
    } catch (error) {
      if (error instanceof Error && "status" in error && error.status === 404) entry.missing = true;
    }
  }

  async retry(id: string): Promise<void> {
    this.put(await api.retry(id));
    this.#schedule(0);
  }

  #entry(id: string): Entry {
    return untrack(() => {
      let entry = this.#entries.get(id);
      if (!entry) this.#entries.set(id, (entry = new Entry()));
      return entry;
    });
  }

  #schedule(delay: number): void {
    if (this.#timer !== null) {
      if (delay > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => void this.#round(), delay);
  }

  async #round(): Promise<void> {
    const open = [...this.#entries].filter(([, e]) => e.readers > 0 && !e.missing && !settled(e.asset));
    if (open.length > 0 && !document.hidden) await Promise.all(open.map(([id]) => this.refresh(id)));
    this.#timer = null;
    if (open.length > 0 && !document.hidden) this.#schedule(EVERY_MS);
  }
}

export const shelf = new AssetShelf();
