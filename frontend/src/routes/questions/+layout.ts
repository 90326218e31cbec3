import { error } from "@sveltejs/kit";
import { needMessages } from "$lib/i18n";
import { session } from "$lib/state/session.svelte";
import type { LayoutLoad } from "./$types";

export const load: LayoutLoad = async ({ parent }) => {
  // The words of saving and of the formula dialog are the lesson editor's.
  await Promise.all([parent(), needMessages("questions"), needMessages("editor")]);
  // Like the server: what you may not do is not there.
  if (session.person && !session.can("author_lessons")) error(404, "not-found");
  return {};
};
