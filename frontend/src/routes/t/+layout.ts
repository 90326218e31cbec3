import { needMessages } from "$lib/i18n";
import { ownPage } from "$lib/sitting/page/own";
import type { LayoutLoad } from "./$types";

export const load: LayoutLoad = async ({ parent, url }) => {
  await ownPage(url.href);
  await Promise.all([parent(), needMessages("sitting")]);
  return {};
};
