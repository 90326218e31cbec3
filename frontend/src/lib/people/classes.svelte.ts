import { body, client } from "$lib/api/client";
import type { ClassGroup, SchoolYear } from "$lib/api/types";

/** A class with the name it has in a list, which tells years apart where there are several. */
export interface ClassChoice extends ClassGroup {
  label: string;
}

const path = (id: string) => ({ path: { id } });

export async function loadYears(organisation: string): Promise<SchoolYear[]> {
  const reply = client.GET("/api/organisations/{id}/years", { params: path(organisation) });
  return (await body<{ items: SchoolYear[] }>(reply)).items;
}

/** Classes of a year ("10A2" before "10A10"). */
export async function loadClasses(organisation: string, year: string | null): Promise<ClassGroup[]> {
  const params = { ...path(organisation), query: { year: year ?? undefined } };
  const reply = client.GET("/api/organisations/{id}/class-groups", { params });
  const { items } = await body<{ items: ClassGroup[] }>(reply);
  const names = new Intl.Collator("vi", { numeric: true });
  return [...items].sort((a, b) => names.compare(a.name, b.name));
}

/**
 * The classes one can choose from: of the present year and later ones, of an earlier one only where pupils
 * still are, and `chosen`. Those with pupils come first: after moving up, the present year's are empty.
 */
export async function loadClassChoices(organisation: string, chosen: string | null): Promise<ClassChoice[]> {
  const [years, classes] = await Promise.all([loadYears(organisation), loadClasses(organisation, null)]);
  const present = years.find((year) => year.current)?.starts_on ?? "";
  const yearOf = (group: ClassGroup) => years.find((year) => year.id === group.year_id);
  const offered = classes.filter(
    (group) => group.pupils > 0 || group.id === chosen || (yearOf(group)?.starts_on ?? "") >= present,
  );
  const oneYear = new Set(offered.map((group) => group.year_id)).size < 2;
  return offered
    .map((group) => ({ ...group, label: oneYear ? group.name : `${group.name} · ${yearOf(group)?.name ?? ""}` }))
    .sort((a, b) => Number(b.pupils > 0) - Number(a.pupils > 0));
}
