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

/** What a question of each kind is worth where a paper does not say: QĐ 764/QĐ-BGDĐT. */
const usualPoints = (subject: string): Partial<Record<QuestionType, string>> => ({
  single_choice: "0.25",
  true_false: "1",
  short_answer: subject === "toan" ? "0.5" : "0.25",
});

/** The parts of the paper as they were, in its order, each with the usual points of its kind. */
export function asPaper(picked: readonly FromPaper[], subject: string, titleOf: (part: number) => string): Plan {
  const parts = [...Map.groupBy(picked, (each) => each.part)].map(([part, questions]) => {
    const kinds = new Set(questions.map((each) => each.type));
    const [kind] = kinds;
    const usual = kinds.size === 1 && kind ? usualPoints(subject)[kind] : undefined;
    return {
      title: part > 0 ? titleOf(part) : "",
      note: "",
      rules: { points: { per_question: usual ?? "1" } },
      items: questions.map(({ id, points }) => ({ question_id: id, points })),
    };
  });
  return { parts: parts as unknown as PlanPart[] };
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
