import type { Locale } from "$lib/api/types";
import type { ApiProblem } from "$lib/api/problem";
import { loadMessages, type Area } from "./areas";
import type { MessageKey } from "./catalogue";

const KEY = "lopmo.locale";
type Params = Record<string, string | number>;

class LocaleState {
  current = $state<Locale>("vi");
  messages = $state.raw<Readonly<Record<string, string>>>({});
}

const state = new LocaleState();

/** The language of the interface: "vi" or "en". Reactive. */
export const locale = {
  get current(): Locale {
    return state.current;
  },
  /** The tag for Intl: numbers and dates as people here expect them. */
  get tag(): string {
    return state.current === "vi" ? "vi-VN" : "en-GB";
  },
};

let started: Promise<void> | null = null;

/** Loads the language last used on this device, once. */
export function startLocale(): Promise<void> {
  started ??= load(stored()).catch((error) => {
    started = null;
    throw error;
  });
  return started;
}

export async function setLocale(next: Locale): Promise<void> {
  await startLocale();
  if (next !== wanted) await load(next);
  else await settled;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage forbidden: the language follows the account only.
  }
}

const areas = new Set<Area>();
// One change at a time: a language and an area asked for together must not undo each other.
let settled: Promise<void> = Promise.resolve();
let wanted: Locale = "vi";

/** Fetches a part of the catalogue before the pages that need it are drawn; called from their layouts. */
export async function needMessages(area: Area): Promise<void> {
  await startLocale();
  if (areas.has(area)) return settled;
  areas.add(area);
  try {
    await load(wanted);
  } catch (error) {
    areas.delete(area);
    throw error;
  }
}

function load(next: Locale): Promise<void> {
  wanted = next;
  const change = settled.then(async () => {
    state.messages = await loadMessages(wanted, areas);
    state.current = wanted;
    document.documentElement.lang = wanted;
  });
  // A failure is told to whoever asked; the next change starts afresh.
  settled = change.catch(() => undefined);
  return change;
}

function stored(): Locale {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "vi";
  } catch {
    return "vi";
  }
}

/**
 * A message in the current language. `{name}` is replaced by `params.name`; numbers are written the
 * local way. A text with `|` holds plural forms (one|other), chosen by `params.n`.
 */
export function t(key: MessageKey, params: Params = {}): string {
  return fill(state.messages[key] ?? key, params);
}

/** Whether a key that was put together from a code exists (`has("error." + code)`). */
export function has(key: string): key is MessageKey {
  return key in state.messages;
}

/** What to tell a person about a refusal, by its stable code. */
export function errorText(problem: ApiProblem): string {
  const key = `error.${problem.code}`;
  const wait = problem.retryAfter ? Math.ceil(problem.retryAfter / 60) : 1;
  if (has(key)) return t(key, { minutes: wait, detail: problem.detail ?? "" });
  return t("error.internal");
}

/** What is wrong with one field, by `field_problem.<code>`; null when nothing is. */
export function fieldText(problem: ApiProblem | null, name: string): string | null {
  const found = problem?.field(name);
  if (!found) return null;
  // The same code can mean another limit for another field: the particular message goes first.
  for (const key of [`field_problem.${name}.${found.code}`, `field_problem.${found.code}`]) {
    if (has(key)) return t(key, { value: found.value ?? "" });
  }
  return t("field_problem.invalid");
}

function fill(text: string, params: Params): string {
  const chosen = text.includes("|") && typeof params.n === "number" ? plural(text, params.n) : text;
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(locale.tag).format(value) : value;
  });
}

function plural(text: string, n: number): string {
  const [one = "", other = one] = text.split("|");
  return new Intl.PluralRules(locale.tag).select(n) === "one" ? one : other;
}
