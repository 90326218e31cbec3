import { error } from "@sveltejs/kit";
import type { Capability } from "$lib/api/types";
import { needMessages } from "$lib/i18n";
import { session } from "$lib/state/session.svelte";
import type { LayoutLoad } from "./$types";

/** What a page under /manage needs; the server decides, this only spares people dead ends. */
const NEEDS: [prefix: string, capability: Capability][] = [
  ["/manage/organisations", "manage_organisations"],
  ["/manage/people", "manage_people"],
  ["/manage/years", "manage_people"],
  ["/manage/audit", "view_audit"],
  // Heads and administrators: those who read the log answer for the space too.
  ["/manage/files", "view_audit"],
  ["/manage/jobs", "manage_server"],
];

export const load: LayoutLoad = async ({ url, parent }) => {
  await Promise.all([parent(), needMessages("people")]);
  const needed = NEEDS.find(([prefix]) => url.pathname.startsWith(prefix))?.[1];
  // Like the server: what you may not see is not there.
  if (session.person && (needed ? !session.can(needed) : !session.manages)) error(404, "not-found");
  return {};
};
