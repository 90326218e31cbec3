import { locale } from "$lib/i18n";

/** Languages taught or spoken in the schools here; any other code still shows by its name. */
export const LANGUAGES = ["vi", "en", "fr", "zh", "ja", "ko", "ru", "de", "km", "lo"] as const;

/** A language's name in the language of the page. */
export function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames([locale.tag], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(locale.tag) + name.slice(1);
  } catch {
    return code;
  }
}
