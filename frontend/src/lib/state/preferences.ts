import { body, client } from "$lib/api/client";
import type { Locale, Me, Theme } from "$lib/api/types";
import { setLocale } from "$lib/i18n";
import { session } from "./session.svelte";
import { theme } from "./theme.svelte";

// Shown at once on this device; the account remembers it for the others. A failure to remember it
// is not worth a word: the choice holds here.
export async function chooseLocale(next: Locale): Promise<void> {
  await setLocale(next);
  await remember({ locale: next });
}

export async function chooseTheme(next: Theme): Promise<void> {
  theme.set(next);
  await remember({ theme: next });
}

async function remember(change: { locale?: Locale; theme?: Theme }): Promise<void> {
  if (!session.person) return;
  try {
    session.replacePerson(await body<Me>(client.PATCH("/api/me", { body: change })));
  } catch {
    // Kept on this device only.
  }
}
