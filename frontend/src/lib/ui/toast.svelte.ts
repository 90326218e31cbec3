export interface Toast {
  id: number;
  text: string;
  tone: "done" | "attention" | "error";
  /** What takes the last action back; the toast stays longer while it is offered. */
  undo: (() => void | Promise<void>) | null;
}

/** How long a notice stays: time to read it, and longer when it offers something (WCAG 2.2.1). */
const STAY_MS = { plain: 6_000, undo: 12_000 };

class Toasts {
  items = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Gives its number, for whoever takes it away before its time. */
  show(text: string, options: { tone?: Toast["tone"]; undo?: Toast["undo"] } = {}): number {
    const toast: Toast = { id: this.#next++, text, tone: options.tone ?? "done", undo: options.undo ?? null };
    this.items = [...this.items.slice(-2), toast];
    this.release(toast.id);
    return toast.id;
  }
  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }
  /** Stops the clock while somebody points at the notice or has the focus in it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }
  release(id: number): void {
    const toast = this.items.find((item) => item.id === id);
    if (!toast || toast.tone === "error") return;
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), toast.undo ? STAY_MS.undo : STAY_MS.plain),
    );
  }
}

/** `toasts.show(t("…"), { undo: () => … })` */
export const toasts = new Toasts();
