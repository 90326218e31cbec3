import { LEVELS, TYPES, type Level, type QuestionType } from "./types";

/** What the bank shows, kept in the address so that it can be gone back to. */
export interface BankFilters {
  q: string;
  folder: string | null;
  type: QuestionType | null;
  level: Level | null;
  subject: string | null;
  grade: number | null;
  requirement: string | null;
  tag: string;
  key: "known" | "missing" | null;
  reported: boolean;
}

export const NO_FILTERS: BankFilters = {
  q: "",
  folder: null,
  type: null,
  level: null,
  subject: null,
  grade: null,
  requirement: null,
  tag: "",
  key: null,
  reported: false,
};

export function filtersOf(params: Pick<URLSearchParams, "get">): BankFilters {
  const grade = Number(params.get("grade"));
  const key = params.get("key");
  return {
    q: params.get("q")?.trim() ?? "",
    folder: params.get("folder") || null,
    type: TYPES.find((type) => type === params.get("type")) ?? null,
    level: LEVELS.find((level) => level === params.get("level")) ?? null,
    subject: params.get("subject") || null,
    grade: Number.isInteger(grade) && grade >= 1 && grade <= 12 ? grade : null,
    requirement: params.get("requirement") || null,
    tag: params.get("tag")?.trim() ?? "",
    key: key === "known" || key === "missing" ? key : null,
    reported: params.get("reported") === "true",
  };
}

export function addressOf(filters: BankFilters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) params.set(name, String(value));
  const query = params.toString();
  return query ? `/questions?${query}` : "/questions";
}

/** The same as the server asks it. */
export const queryOf = (filters: BankFilters) => ({
  q: filters.q || undefined,
  folder_id: filters.folder ?? undefined,
  type: filters.type ?? undefined,
  level: filters.level ?? undefined,
  subject: filters.subject ?? undefined,
  grade: filters.grade ?? undefined,
  requirement: filters.requirement ?? undefined,
  tag: filters.tag || undefined,
  key: filters.key ?? undefined,
  reported: filters.reported || undefined,
});
export type BankQuery = ReturnType<typeof queryOf> & { after?: string; limit?: number };

/** How many filters are on, the search and the folder not counted. */
export const countOf = (filters: BankFilters): number =>
  [
    filters.type,
    filters.level,
    filters.subject,
    filters.grade,
    filters.requirement,
    filters.tag,
    filters.key,
    filters.reported,
  ].filter(Boolean).length;
