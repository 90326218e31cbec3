import { t } from "$lib/i18n";
import { locale } from "$lib/i18n";
import { curriculum } from "$lib/state/curriculum.svelte";
import type { ClassRow } from "./api";

/** "Toán · Lớp 10": what a class is about, as far as it was said. */
export function aboutClass(row: Pick<ClassRow, "subject" | "grade">): string {
  const subject = curriculum.subject(row.subject)?.name[locale.current];
  return [subject, row.grade === null ? null : t("classes.grade_n", { n: row.grade })]
    .filter(Boolean)
    .join(" · ");
}

/** A code as people type it, without spaces and in capitals; null when it cannot be one. */
export function readCode(typed: string): string | null {
  const code = typed.replace(/[^a-z0-9]/gi, "").toUpperCase();
  return code.length === 6 ? code : null;
}

/** "ABC 234": easier to copy from a screen far away. */
export const spacedCode = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;
