/** What a key asks of the player; the habits are YouTube's. */
export type KeyAction =
  | { kind: "toggle" }
  | { kind: "skip"; seconds: number }
  | { kind: "seek-fraction"; fraction: number }
  | { kind: "volume"; step: number }
  | { kind: "rate"; direction: 1 | -1 }
  | { kind: "frame"; direction: 1 | -1 }
  | { kind: "mute" | "captions" | "fullscreen" | "picture-in-picture" | "help" };

export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const PLAIN: Record<string, KeyAction> = {
  k: { kind: "toggle" },
  " ": { kind: "toggle" },
  j: { kind: "skip", seconds: -10 },
  l: { kind: "skip", seconds: 10 },
  ArrowLeft: { kind: "skip", seconds: -5 },
  ArrowRight: { kind: "skip", seconds: 5 },
  ArrowUp: { kind: "volume", step: 0.05 },
  ArrowDown: { kind: "volume", step: -0.05 },
  Home: { kind: "seek-fraction", fraction: 0 },
  End: { kind: "seek-fraction", fraction: 1 },
  m: { kind: "mute" },
  c: { kind: "captions" },
  f: { kind: "fullscreen" },
  i: { kind: "picture-in-picture" },
  p: { kind: "picture-in-picture" },
  "<": { kind: "rate", direction: -1 },
  ">": { kind: "rate", direction: 1 },
  ",": { kind: "frame", direction: -1 },
  ".": { kind: "frame", direction: 1 },
  "?": { kind: "help" },
};

/** Null when the key belongs to somebody else (the browser, a screen reader, a form). */
export function keyAction(event: Key): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (/^[0-9]$/.test(event.key)) return { kind: "seek-fraction", fraction: Number(event.key) / 10 };
  return PLAIN[event.key] ?? PLAIN[event.key.toLowerCase()] ?? null;
}

/** A control that already means something by this key keeps it: a button its space, a field its letters. */
export function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("input:not([type=range]), textarea, select, math-field"))
    return true;
  if (target.closest("[role=menu], [role=listbox], [role=dialog], dialog")) return true;
  if ((key === " " || key === "Enter") && target.closest("button, a, summary")) return true;
  return target.closest("[role=tablist]") !== null && key.startsWith("Arrow");
}
