import { has, t } from "$lib/i18n";

/** Why a file could not be used, in a teacher's words. */
export function failureText(code: string | undefined): string {
  const key = `asset_failure.${(code ?? "internal").replaceAll("-", "_")}`;
  return has(key) ? t(key) : t("asset_failure.internal");
}
