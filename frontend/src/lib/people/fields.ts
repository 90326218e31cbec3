import type { Person } from "$lib/api/types";

/** A person as typed into a form: empty text where the server has null. */
export interface PersonFields {
  display_name: string;
  birth_date: string;
  gender: string;
  code: string;
  email: string;
  phone: string;
  ministry_id: string;
  national_id: string;
  guardians: string;
}

export const NO_FIELDS: PersonFields = {
  display_name: "",
  birth_date: "",
  gender: "",
  code: "",
  email: "",
  phone: "",
  ministry_id: "",
  national_id: "",
  guardians: "",
};

/** The gender as the server takes it; null when it is not recorded. */
export const genderOf = (text: string): "male" | "female" | null => (text === "male" || text === "female" ? text : null);

export function fieldsOf(person: Person): PersonFields {
  const fields = { ...NO_FIELDS };
  for (const key of keys()) fields[key] = person[key] ?? "";
  // Kept as one line, "Cha: …; Mẹ: …", and shown as one line each.
  fields.guardians = fields.guardians.replaceAll("; ", "\n");
  return fields;
}

/** Only what differs, so that two people editing different fields do not undo each other. */
export function changes(before: PersonFields, after: PersonFields): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  for (const key of keys()) {
    const value = sent(key, after);
    if (value !== sent(key, before)) changed[key] = value || null;
  }
  return changed;
}

function sent(key: keyof PersonFields, fields: PersonFields): string {
  if (key !== "guardians") return fields[key].trim();
  const lines = fields.guardians.split("\n").map((line) => line.trim().replace(/;$/, ""));
  return lines.filter(Boolean).join("; ");
}

function keys(): (keyof PersonFields)[] {
  return Object.keys(NO_FIELDS) as (keyof PersonFields)[];
}
