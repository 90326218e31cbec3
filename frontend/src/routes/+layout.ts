import { startLocale } from "$lib/i18n";
import { session } from "$lib/state/session.svelte";
import { settleAddress } from "$lib/state/guard";
import type { LayoutLoad } from "./$types";

// One static page: everything is drawn in the browser.
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = async ({ url }) => {
  await Promise.all([startLocale(), session.start()]);
  settleAddress(url);
  return {};
};
