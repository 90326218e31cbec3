import type { Shape } from "./api";

/** What a pupil answers, as it is sent; indices are neutral. */
export type BlankResponse = { c: number } | { m: number[] } | { t: string };
export type TestResponse =
  | { c: number }
  | { m: number[] }
  | { s: (boolean | null)[] }
  | { t: string }
  | { p: (number | null)[] }
  | { o: number[] }
  | { b: (BlankResponse | null)[] }
  | { e: string }
  | { w: Work };

/** What was worked out on paper: the names of its photos in order, and a text beside them. */
export interface Work {
  p: string[];
  t?: string;
}

/** The photos an answer names. */
export const photosOf = (response: TestResponse | null | undefined): readonly string[] =>
  response && "w" in response ? response.w.p : [];
/** What an essay says in letters. */
export const essayText = (response: TestResponse | null | undefined): string =>
  !response ? "" : "e" in response ? response.e : "w" in response ? (response.w.t ?? "") : "";
/** An essay of a text and photos, as it is sent; nothing where it has neither. */
export function essayOf(text: string, photos: readonly string[]): TestResponse | null {
  if (photos.length === 0) return text === "" ? null : { e: text };
  return { w: { p: [...photos], ...(text === "" ? {} : { t: text }) } };
}

const isBlankGap = (gap: BlankResponse | null): boolean =>
  gap === null || ("t" in gap && gap.t.trim() === "") || ("m" in gap && gap.m.length === 0);

/** Whether something is answered with it. */
export function isAnswered(response: TestResponse | null | undefined): boolean {
  if (!response) return false;
  if ("c" in response) return true;
  if ("m" in response) return response.m.length > 0;
  if ("s" in response) return response.s.some((said) => said !== null);
  if ("t" in response) return response.t.trim() !== "";
  if ("p" in response) return response.p.some((right) => right !== null);
  if ("o" in response) return response.o.length > 0;
  if ("b" in response) return response.b.some((gap) => !isBlankGap(gap));
  return photosOf(response).length > 0 || essayText(response).trim() !== "";
}

/** Whether nothing of it is left open: a statement, a pair, a gap. */
export function isComplete(response: TestResponse | null | undefined): boolean {
  if (!response || !isAnswered(response)) return false;
  if ("s" in response) return response.s.every((said) => said !== null);
  if ("p" in response) return response.p.every((right) => right !== null);
  if ("b" in response) return response.b.every((gap) => !isBlankGap(gap));
  return true;
}

/** How many of each group of an item stand in its form: the left sides of pairs, then the right ones. */
export function groupSizes(shape: Shape): number[] {
  switch (shape.kind) {
    case "choice":
    case "choices":
      return [shape.options];
    case "statements":
    case "order":
      return [shape.count];
    case "pairs":
      return [shape.lefts, shape.rights];
    case "blanks":
      return shape.blanks.map((blank) => (blank.kind === "text" ? 0 : blank.options));
    default:
      return [];
  }
}

/** The neutral indices of each group in the order shown. Without a form they are in neutral order. */
export function shownGroups(shape: Shape, inner: readonly number[] | undefined): number[][] {
  let from = 0;
  return groupSizes(shape).map((size) => {
    const group = inner?.slice(from, from + size) ?? [];
    from += size;
    return group.length === size ? group : Array.from({ length: size }, (_, index) => index);
  });
}

/** The letter of an option by its place: A, B, C … */
export const letterOf = (place: number): string => String.fromCharCode(65 + (place % 26));
/** The letter of a statement: a, b, c … */
export const smallLetterOf = (place: number): string => letterOf(place).toLowerCase();

/**
 * What an answer box of the national paper holds after a key: four places for digits, a minus first and a
 * comma second or third (QĐ 764). A key that cannot stand there changes nothing.
 */
export function typeNational(typed: string, key: string): string {
  if (key === "⌫") return typed.slice(0, -1);
  if (typed.length >= 4) return typed;
  if (key === "-") return typed === "" ? "-" : typed;
  if (key === ",")
    return typed.includes(",") || !/\d$/.test(typed) || typed.length < 1 || typed.length > 2
      ? typed
      : `${typed},`;
  return /^\d$/.test(key) ? typed + key : typed;
}
