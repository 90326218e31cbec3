import type { Locale } from "$lib/api/types";
import { vi as common } from "$lib/i18n/messages/common?vi";
import { vi as lesson } from "$lib/i18n/messages/lesson?vi";
import { vi as sitting } from "$lib/i18n/messages/sitting?vi";

/** Stands in place of `$lib/i18n/areas` where a test is sat: its words only, the Vietnamese at once. */
export type Area = "sitting";

export async function loadMessages(locale: Locale): Promise<Readonly<Record<string, string>>> {
  return locale === "vi" ? { ...common, ...lesson, ...sitting } : (await import("./english")).messages;
}
