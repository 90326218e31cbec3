import type { AuditEntry } from "$lib/api/types";
import { has, t } from "$lib/i18n";

/** What an entry says beyond its action, in words: the file, the counts, the role, the fields. */
export function auditDetail(entry: AuditEntry): string {
  const detail = entry.detail as Record<string, unknown>;
  const number = (key: string) => (typeof detail[key] === "number" ? detail[key] : null);
  const parts: string[] = [];
  for (const key of ["title", "filename", "name"]) {
    const text = detail[key];
    if (typeof text === "string" && text !== entry.subject_name) parts.push(text);
  }
  if (detail.role !== undefined) parts.push(words("role", detail.role));
  const [created, updated, moved, left, count] = [number("created"), number("updated"), number("moved"), number("left"), number("count")];
  if (created !== null && updated !== null) parts.push(t("import.done_counts", { created, updated }));
  if (moved !== null && left !== null) parts.push(t("years.plan", { moving: moved, leaving: left }));
  if (count !== null) parts.push(t("orgs.people", { n: count }));
  if (Array.isArray(detail.fields)) parts.push(detail.fields.map((field) => words("people", field)).join(", "));
  return parts.join(" · ");
}

function words(area: "role" | "people", name: unknown): string {
  const key = `${area}.${String(name)}`;
  return has(key) ? t(key) : String(name);
}
