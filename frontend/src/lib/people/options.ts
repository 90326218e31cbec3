import type { Organisation, Role } from "$lib/api/types";
import { t } from "$lib/i18n";

export const ROLES: readonly Role[] = ["pupil", "teacher", "parent", "reviewer", "school_head", "administrator"];

export const roleOptions = () => ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }));

/** A role from an address; anything else is no filter. */
export const roleOf = (text: string | null): Role | undefined => ROLES.find((role) => role === text);

/** Schools and campuses have classes; the levels above do not. */
export const hasClasses = (node: Organisation) => node.kind === "school" || node.kind === "campus";

/** Where a person most likely works: the first school they may manage people in, or else the first node. */
export function likelyOrganisation(all: readonly Organisation[]): Organisation | null {
  const allowed = all.filter((node) => node.can_manage_people);
  return allowed.find(hasClasses) ?? allowed[0] ?? null;
}
