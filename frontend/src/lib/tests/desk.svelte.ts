import { asProblem, type ApiProblem } from "$lib/api/problem";
import { tests, type TestDetail, type TestWords } from "./api";

const QUIET_MS = 900;

/** A test while it is made: saved by itself a moment after each change. */
export class TestDesk {
  words = $state.raw<TestWords>({} as TestWords);
  stored = $state.raw<TestDetail>({} as TestDetail);
  state = $state<"saved" | "changed" | "saving" | "failed">("saved");
  problem = $state.raw<ApiProblem | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | null = null;
  #edits = 0;

  constructor(stored: TestDetail) {
    this.take(stored);
  }
  /** What the server has is what stands on screen. */
  take(stored: TestDetail): void {
    const { title, subject, grade, plan, settings } = stored;
    this.stored = stored;
    this.words = { title, subject, grade, plan, settings };
    this.state = "saved";
    this.problem = null;
  }
  change(more: Partial<TestWords>): void {
    this.words = { ...this.words, ...more };
    this.#edits += 1;
    this.state = "changed";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), QUIET_MS);
  }
  /** Saves what is not saved. True when the server has everything. */
  async settle(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (this.state !== "saved") await this.#save();
    return this.state === "saved";
  }
  #save(): Promise<void> {
    this.#saving ??= this.#send().finally(() => (this.#saving = null));
    return this.#saving;
  }
  async #send(): Promise<void> {
    const edits = this.#edits;
    this.state = "saving";
    try {
      const stored = await tests.save(this.stored.id, this.stored.revision, this.words);
      this.stored = stored;
      this.problem = null;
      this.state = edits === this.#edits ? "saved" : "changed";
      if (this.state === "changed") this.#timer = setTimeout(() => void this.#save(), QUIET_MS);
    } catch (error) {
      this.problem = asProblem(error);
      this.state = "failed";
    }
  }
}
