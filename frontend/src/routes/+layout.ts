import { isRedirect } from "@sveltejs/kit";
import { startLocale } from "$lib/i18n";
import { settleAddress } from "$lib/state/guard";
import { session } from "$lib/state/session.svelte";
import type { LayoutLoad } from "./$types";

// One static page: everything is drawn in the browser.
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = async ({ url }): Promise<{ failure: unknown }> => {
  try {
    await Promise.all([startLocale(), session.start()]);
    settleAddress(url);
    return { failure: null };
  } catch (error) {
    if (isRedirect(error)) throw error;
    // The server did not answer the first question: the layout says so and offers to ask again.
    return { failure: error };
  }
};
