import { needMessages } from "$lib/i18n";
import type { LayoutLoad } from "./$types";

// The words of the tests that are given to a class.
export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([parent(), needMessages("tests")]);
  return {};
};
