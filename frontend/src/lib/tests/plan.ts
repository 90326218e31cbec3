import type { QuestionType } from "$lib/questions/types";
import type { BoardRow, Plan, PlanPart, Template } from "./api";

interface Picked {
  id: string;
  type: QuestionType;
}

/** The parts of a template, empty, with what each is for. */
export const planOf = (template: Template): Plan => ({
  parts: template.parts.map(({ title, rules }) => ({ title, note: "", rules, items: [] })) as unknown as PlanPart[],
});

/** The kind of questions a part holds by its template, or by what lies in it already. */
export function kindOf(
  part: PlanPart,
  at: number,
  template: Template | null,
  typeOf: (question: string) => QuestionType | undefined,
): QuestionType | null {
  const first = part.items[0];
  return (template?.parts[at]?.type ?? null) || (first ? (typeOf(first.question_id) ?? null) : null);
}

/**
 * Puts questions where they belong: into the first part for their kind, else into the first for any kind,
 * else into the last. What is in the test already stays where it is.
 */
export function fill(plan: Plan, kinds: readonly (QuestionType | null)[], picked: readonly Picked[]): Plan {
  const parts = plan.parts.map((part) => ({ ...part, items: [...part.items] }));
  const inside = new Set(parts.flatMap((part) => part.items.map((item) => item.question_id)));
  for (const { id, type } of picked) {
    if (inside.has(id)) continue;
    inside.add(id);
    const own = kinds.indexOf(type);
    const any = kinds.indexOf(null);
    const part = parts[own >= 0 ? own : any >= 0 ? any : parts.length - 1];
    part?.items.push({ question_id: id, points: null });
  }
  return { parts };
}

interface FromPaper extends Picked {
  /** The part of its paper, from 1; 0 where there is none. */
  part: number;
  /** What the paper says it is worth. */
  points: string | null;
}

/** Points of a question of each kind. */
export type UsualPoints = Partial<Record<QuestionType, string>>;

/**
 * What a question of each kind is worth where a paper does not say: as in the national form for its subject, else
 * what all national forms agree on.
 */
export function usualPoints(templates: readonly Template[], subject: string): UsualPoints {
  const national = templates.filter((each) => each.id.startsWith("thpt2025-"));
  const own = national.filter((each) => subject !== "" && each.subjects.includes(subject));
  const said = new Map<QuestionType, Set<string>>();
  for (const { type, rules } of (own.length > 0 ? own : national).flatMap((each) => each.parts)) {
    const points = (rules.points as { per_question?: string } | undefined)?.per_question;
    if (type && points !== undefined) said.set(type, (said.get(type) ?? new Set()).add(points));
  }
  return Object.fromEntries([...said].flatMap(([type, all]) => (all.size === 1 ? [[type, [...all][0]]] : [])));
}

/** The parts of the paper as they were, in its order, with the points it says, else the usual ones of their kind. */
export function asPaper(picked: readonly FromPaper[], usual: UsualPoints, titleOf: (part: number) => string): Plan {
  const parts = [...Map.groupBy(picked, (each) => each.part)].map(([part, questions]) => {
    const asked = questions.filter((each) => each.type !== "description");
    const kinds = new Set(asked.map((each) => each.type));
    const [kind] = kinds;
    // What all of a part are worth is said once, where it can be changed for all.
    const own = new Set(asked.map((each) => each.points));
    const [alike] = own;
    const each = own.size === 1 && alike ? alike : ((kinds.size === 1 && kind && usual[kind]) || "1");
    return {
      title: part > 0 ? titleOf(part) : "",
      note: "",
      rules: { points: { per_question: each } },
      items: questions.map(({ id, points }) => ({ question_id: id, points: points === each ? null : points })),
    };
  });
  return { parts: parts as unknown as PlanPart[] };
}

/** Points have at most four decimals. */
const PLACES = 10_000;
const units = (points: string): number => Math.round(Number(points) * PLACES);

/** What a part is worth in all; null where that cannot be told here. */
export function worthOf(part: PlanPart, typeOf: (question: string) => QuestionType | undefined): number | null {
  const { kind, points } = pointsOf(part);
  if (kind === "total") return Number(points);
  const asked = part.items.filter((item) => typeOf(item.question_id) !== "description");
  const most = part.rules.answer_at_most ?? asked.length;
  const own = asked.flatMap((item) => item.points ?? []);
  const others = asked.filter((item) => item.points === null);
  // Who answers which of "n of m", and how many statements a question has, is not known.
  if (most < asked.length && own.length > 0) return null;
  if (kind === "per_statement" && others.some((item) => typeOf(item.question_id) === "true_false")) return null;
  const counted = Math.min(others.length, most);
  return (own.reduce((sum, each) => sum + units(each), 0) + counted * units(points)) / PLACES;
}

/** What a test is worth in all; null where that cannot be told here. */
export function worthOfAll(plan: Plan, typeOf: (question: string) => QuestionType | undefined): number | null {
  let sum = 0;
  for (const part of plan.parts) {
    const worth = part.items.length === 0 ? 0 : worthOf(part, typeOf);
    if (worth === null) return null;
    sum += Math.round(worth * PLACES);
  }
  return sum / PLACES;
}

export const countOf = (plan: Plan): number => plan.parts.reduce((n, part) => n + part.items.length, 0);

/** What a part's rule says, for its two fields: how many points, and for what. */
export type PointsFor = "per_question" | "total" | "per_statement";
export function pointsOf(part: PlanPart): { kind: PointsFor; points: string } {
  const rule = (part.rules.points ?? { per_question: "1" }) as Partial<Record<PointsFor, string>>;
  for (const kind of ["per_question", "total", "per_statement"] as const) {
    const points = rule[kind];
    if (points !== undefined) return { kind, points };
  }
  return { kind: "per_question", points: "1" };
}

/** "0,25" as it is stored, "0.25"; null when it is no number of points. */
export function readPoints(typed: string): string | null {
  const text = typed.trim().replace(",", ".");
  return /^\d{1,3}(\.\d{1,4})?$/.test(text) && Number(text) > 0 ? text : null;
}

/** "0,75" given by hand, as it is stored; null when it is no number of points from nothing to `of`. */
export function readMark(typed: string, of: number): string | null {
  const text = typed.trim().replace(",", ".");
  return /^\d{1,4}(\.\d{1,4})?$/.test(text) && Number(text) <= of ? text : null;
}

/** How many marks lie in each tenth of the scale; a full mark in the last. */
export function distribution(rows: readonly BoardRow[], bars = 10): number[] {
  const counts = Array.from({ length: bars }, () => 0);
  for (const { attempt } of rows) {
    if (!attempt?.handed_in || attempt.score === null || attempt.out_of === null || Number(attempt.out_of) <= 0) continue;
    const place = Math.min(bars - 1, Math.floor((Number(attempt.score) / Number(attempt.out_of)) * bars + 1e-9));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** An instant from a day ("2026-11-22") and a time ("07:30") of this place; null when either is none. */
export function instantOf(day: string, time: string): number | null {
  const hour = /^([01]?\d|2[0-3])[:hg]([0-5]\d)$/.exec(time.trim());
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !hour) return null;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, Number(hour[1]), Number(hour[2])).getTime() * 1000;
}
export function dayAndTime(at: number | null): { day: string; time: string } {
  if (at === null) return { day: "", time: "" };
  const when = new Date(at / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    day: `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`,
    time: `${two(when.getHours())}:${two(when.getMinutes())}`,
  };
}

/** Names of a roster, one a line: "Trần Thị Ánh; 12" or with a tab as it comes from a spreadsheet. */
export function readRoster(text: string): { name: string; number: string | null }[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", number = ""] = line.split(/[;\t]/).map((part) => part.trim());
    return name ? [{ name, number: number || null }] : [];
  });
}
