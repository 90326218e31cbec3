import { error } from "@sveltejs/kit";
import { needMessages } from "$lib/i18n";
import { session } from "$lib/state/session.svelte";
import type { LayoutLoad } from "./$types";

export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([parent(), needMessages("editor")]);
  // Like the server: what you may not do is not there.
  if (session.person && !session.can("author_lessons")) error(404, "not-found");
  return {};
};
