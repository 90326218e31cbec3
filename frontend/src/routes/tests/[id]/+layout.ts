import { needMessages } from "$lib/i18n";
import type { LayoutLoad } from "./$types";

// The words of the bank, kinds and levels of questions; and those of sitting, for attempts and keys.
export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([parent(), needMessages("questions"), needMessages("sitting")]);
  return {};
};
