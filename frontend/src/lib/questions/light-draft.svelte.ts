import { DeviceCopy } from "$lib/keeping/device.svelte";
import { indexedShelf } from "$lib/keeping/shelf";
import { session } from "$lib/state/session.svelte";

/** Where the light text of a paper lies on this device. */
export const lightId = (paper: string) => `${paper}/light`;

/** Light text as it was typed. */
export interface LightWritten {
  /** The place of its question on the desk; null for the whole paper. */
  of: number | null;
  text: string;
}

/** The light text that is being typed, kept on this device until it is used or thrown away. */
export class LightDraft {
  #now: LightWritten | null = null;
  #device: DeviceCopy<LightWritten>;

  constructor(about: { id: string; filename: string }) {
    const shelf = indexedShelf<LightWritten>(session.person?.id ?? "", "paper");
    const rest = { title: about.filename, revision: 0 };
    this.#device = new DeviceCopy(lightId(about.id), shelf, () =>
      this.#now ? { ...this.#now, ...rest, at: Date.now() } : null,
    );
  }

  /** What was typed when the page went, and when. */
  async resume(): Promise<(LightWritten & { at: number }) | null> {
    const copy = await this.#device.read();
    if (copy) this.#now = { of: copy.of, text: copy.text };
    return copy;
  }
  write(of: number | null, text: string): void {
    this.#now = { of, text };
    this.#device.touch();
  }
  async forget(): Promise<void> {
    this.#now = null;
    await this.#device.drop();
  }
  attend(): () => void {
    return this.#device.attend();
  }
}
