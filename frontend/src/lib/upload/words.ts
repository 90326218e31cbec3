import { t } from "$lib/i18n";

/** How long it will still take, in words; null while nobody knows. */
export function leftText(seconds: number | null): string | null {
  if (seconds === null || !Number.isFinite(seconds)) return null;
  if (seconds < 60) return t("upload.left_seconds", { n: Math.max(1, Math.ceil(seconds)) });
  if (seconds < 3600) return t("upload.left_minutes", { n: Math.ceil(seconds / 60) });
  return t("upload.left_hours", { n: Math.ceil(seconds / 3600) });
}
