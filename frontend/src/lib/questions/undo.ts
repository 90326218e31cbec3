import { toasts } from "$lib/ui";
import type { PaperDesk } from "./paper.svelte";

/** The change that can be taken back by a notice: only the newest, or undo would take back another one. */
export class UndoOffer {
  #offered: { notice: number; turn: number } | null = null;
  constructor(private readonly desk: PaperDesk) {}

  offer(said: string): void {
    this.withdraw();
    this.#offered = { notice: toasts.show(said, { undo: () => this.desk.undo() }), turn: this.desk.turn };
  }
  withdraw(): void {
    if (this.#offered) toasts.dismiss(this.#offered.notice);
    this.#offered = null;
  }
  /** Withdraws what was offered for another change than this one. */
  keepTo(turn: number): void {
    if (this.#offered && this.#offered.turn !== turn) this.withdraw();
  }
}
