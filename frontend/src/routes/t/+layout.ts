import { needMessages } from "$lib/i18n";
import type { LayoutLoad } from "./$types";

export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([parent(), needMessages("sitting")]);
  return {};
};
