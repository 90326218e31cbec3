import { ApiProblem } from "$lib/api/problem";
import { DeviceCopy } from "./device.svelte";
import { same } from "./same";
import type { Copy, Shelf } from "./shelf";

/**
 * `kept` = the server can't be reached; what is written is on this device and goes out by itself.
 * `refused` = the server will not take it as it is; see `problem`.
 * `split` = it was saved somewhere else since: the writer must choose.
 */
export type SaveState = "saved" | "changed" | "saving" | "kept" | "refused" | "split";

const QUIET_MS = 1500;
const AGAIN_MS = 5000;

/**
 * Something that is saved by itself while it is written: what is on screen, what is on this device, what is
 * on the server. `Written` is what the writer changes, `Stored` how the server gives it.
 */
export abstract class Autosaved<Written extends object, Stored extends Written & { revision: number }> {
  state = $state<SaveState>("saved");
  savedAt = $state(0);
  problem = $state.raw<ApiProblem | null>(null);
  /** Of what is split: what was saved elsewhere; null while it could not be fetched. */
  other = $state.raw<Stored | null>(null);
  /** When this device's copy was written that stands on screen since the page was opened. */
  resumed = $state<number | null>(null);
  readonly id: string;
  readonly #device: DeviceCopy<Written>;
  #revision: number;
  #edits = 0;
  /** What the server was last given, though it may not have answered. */
  #sent: Written | null = null;
  #saving: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected constructor(id: string, revision: number, savedAt: number, shelf: Shelf<Written>) {
    this.id = id;
    this.#revision = revision;
    this.savedAt = savedAt;
    this.#device = new DeviceCopy(id, shelf, () => this.#copy());
  }

  /** What stands on screen, without what only this page knows. */
  protected abstract written(): Written;
  protected abstract title(): string;
  /** Puts on screen what this device or the server held. */
  protected abstract show(written: Written): void;
  protected abstract fetch(): Promise<Stored>;
  protected abstract send(revision: number, written: Written): Promise<{ revision: number; savedAt: number }>;
  /** Whether something of it can't be on the server yet though it is saved. */
  protected onlyHere(_written: Written): boolean {
    return false;
  }

  get revision(): number {
    return this.#revision;
  }
  /** Whether it outlives this page. */
  get safe(): boolean {
    return this.state === "saved" || this.#device.works;
  }

  /** Takes up what this device still holds of it over what the server has given. */
  protected async resume(stored: Stored): Promise<void> {
    const copy = await this.#device.read();
    if (!copy) return;
    if (this.#arrived(copy, stored)) return this.#device.drop();
    this.show(copy);
    this.resumed = copy.at;
    if (copy.revision === stored.revision) this.touch();
    else {
      this.other = stored;
      this.state = "split";
    }
  }

  /** Something was changed on screen. */
  protected touch(): void {
    this.#edits += 1;
    if (this.state !== "split") {
      if (this.state !== "saving") this.state = "changed";
      this.#later(QUIET_MS);
    }
    this.#device.touch();
  }

  /** Saves what is not saved yet and waits for the answer. True when the server has everything. */
  async settle(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    if (this.state === "changed" || this.state === "kept" || this.state === "refused") await this.#save();
    return this.state === "saved";
  }

  /** While its page is open: sent when the line is back, kept when the page goes. Gives how to end it. */
  attend(): () => void {
    const wake = () => {
      if (this.state === "kept") void this.#save();
    };
    const unattend = this.#device.attend();
    window.addEventListener("online", wake);
    return () => {
      unattend();
      window.removeEventListener("online", wake);
      clearTimeout(this.#timer);
      void this.#device.keep();
      if (this.state === "changed" || this.state === "kept") void this.#save();
    };
  }

  /** Ends a split: from here on this screen is written on top of what was saved elsewhere. */
  protected async joinLine(): Promise<Stored> {
    const other = this.other ?? (await this.fetch());
    this.#revision = other.revision;
    this.other = null;
    this.state = "changed";
    this.touch();
    return other;
  }

  /** What is on screen is what the server has at this revision. */
  protected async stands(revision: number, savedAt = this.savedAt): Promise<void> {
    clearTimeout(this.#timer);
    this.#revision = revision;
    this.savedAt = savedAt;
    this.problem = null;
    this.state = "saved";
    await this.#device.drop();
  }

  #copy(): Copy<Written> | null {
    const written = this.written();
    if (this.state === "saved" && !this.onlyHere(written)) return null;
    return { ...written, title: this.title(), revision: this.#revision, at: Date.now() };
  }
  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), wait);
  }
  #save(): Promise<void> {
    this.#saving ??= this.#send().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #send(): Promise<void> {
    const edits = this.#edits;
    const written = this.written();
    this.state = "saving";
    try {
      const saved = await this.send(this.#revision, written);
      this.#sent = null;
      this.#revision = saved.revision;
      this.savedAt = saved.savedAt;
      this.problem = null;
      if (edits !== this.#edits) {
        this.state = "changed";
        this.#later(QUIET_MS);
        // The copy must not look as if somebody else had saved since.
        await this.#device.keep();
        return;
      }
      this.state = "saved";
      if (this.onlyHere(written)) await this.#device.keep();
      else await this.#device.drop();
    } catch (error) {
      await this.#failed(error, written);
    }
  }

  async #failed(error: unknown, written: Written): Promise<void> {
    const problem = error instanceof ApiProblem ? error : new ApiProblem({ code: "internal" });
    const { code, status } = problem;
    if (code === "newer-draft" || status === 409) {
      const other = await this.fetch().catch(() => null);
      if (other && this.#sent && this.#arrived(this.#sent, other)) {
        // Its answer was lost, and with it the new revision.
        this.#sent = null;
        this.#revision = other.revision;
        this.state = "changed";
        await this.#device.keep();
        return this.#send();
      }
      this.other = other;
      this.state = "split";
    } else if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
      this.state = "refused";
    } else {
      this.#sent = written;
      this.state = "kept";
      this.#later(AGAIN_MS);
    }
    this.problem = this.state === "refused" ? problem : null;
    await this.#device.keep();
  }

  /** Whether the server already has this, word for word. */
  #arrived(written: Written, stored: Stored): boolean {
    return Object.keys(this.written()).every((field) =>
      same(written[field as keyof Written], stored[field as keyof Written]),
    );
  }
}
