import type { MaterialKind } from "$lib/api/types";

/** What the library shows, kept in the address so that it can be shared and gone back to. */
export interface LibraryFilters {
  q: string;
  subject: string | null;
  grade: number | null;
  kind: MaterialKind | null;
  sort: "newest" | "title";
}

export const KINDS: readonly MaterialKind[] = ["video", "audio", "pdf", "picture", "office", "text"];

export function filtersOf(params: Pick<URLSearchParams, "get">): LibraryFilters {
  const grade = Number(params.get("grade"));
  const kind = KINDS.find((known) => known === params.get("kind")) ?? null;
  return {
    q: params.get("q")?.trim() ?? "",
    subject: params.get("subject") || null,
    grade: Number.isInteger(grade) && grade >= 1 && grade <= 12 ? grade : null,
    kind,
    sort: params.get("sort") === "title" ? "title" : "newest",
  };
}

export function addressOf(filters: LibraryFilters): string {
  const params = new URLSearchParams();
  if (filters.q) params.set("q", filters.q);
  if (filters.grade !== null) params.set("grade", String(filters.grade));
  if (filters.subject) params.set("subject", filters.subject);
  if (filters.kind) params.set("kind", filters.kind);
  if (filters.sort !== "newest") params.set("sort", filters.sort);
  const query = params.toString();
  return query ? `/library?${query}` : "/library";
}
