import type { Asset } from "$lib/api";
import { formatClock, has, t } from "$lib/i18n";

/** Why a file could not be used, in a teacher's words. */
export function failureText(code: string | undefined): string {
  const key = `asset_failure.${(code ?? "internal").replaceAll("-", "_")}`;
  return has(key) ? t(key) : t("asset_failure.internal");
}

/** What its owner should know of a file that can be used; null when there is nothing. */
export function warningText(asset: Pick<Asset, "warning"> | null | undefined): string | null {
  const warning = asset?.warning;
  if (!warning) return null;
  const playable = formatClock(warning.playable_us ?? 0);
  const key = `asset_warning.${warning.code}${warning.declared_us === null ? "_unknown" : ""}`;
  return has(key) ? t(key, { playable, declared: formatClock(warning.declared_us ?? 0) }) : null;
}

/** Whether processing again can help: an empty or cut file stays what it is. */
export function worthAnotherTry(code: string | undefined): boolean {
  return ["internal", "out_of_time", "out_of_memory", "disk_full"].includes((code ?? "internal").replaceAll("-", "_"));
}
