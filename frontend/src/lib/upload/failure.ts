import { has, t } from "$lib/i18n";

/** Why a file could not be used, in a teacher's words. */
export function failureText(code: string | undefined): string {
  const key = `asset_failure.${(code ?? "internal").replaceAll("-", "_")}`;
  return has(key) ? t(key) : t("asset_failure.internal");
}

/** Whether processing again can help: an empty or cut file stays what it is. */
export function worthAnotherTry(code: string | undefined): boolean {
  return ["internal", "out_of_time", "out_of_memory", "disk_full"].includes((code ?? "internal").replaceAll("-", "_"));
}
