import { body, client } from "$lib/api/client";
import type { ClassGroup, SchoolYear } from "$lib/api/types";

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

/** Years and the classes of the present one, for pickers. */
export async function loadPresentClasses(organisation: string): Promise<ClassGroup[]> {
  const years = await loadYears(organisation);
  const present = years.find((year) => year.current) ?? years[0];
  return present ? loadClasses(organisation, present.id) : [];
}
