import { has, t } from "$lib/i18n";

/** The name of a field a column was recognised as; an unknown one is shown as the server calls it. */
export function columnText(field: string): string {
  const key = `import_field.${field}`;
  return has(key) ? t(key) : field;
}

/** A fault in words; an unknown code falls back to the general one, with the value at fault. */
export function problemText(problem: { code: string; value: string | null }): string {
  const params = { value: problem.value ?? "" };
  for (const key of [`import_problem.${problem.code}`, `field_problem.${problem.code}`]) {
    if (has(key)) return t(key, params);
  }
  return problem.value ? t("import_problem.other", params) : t("field_problem.invalid");
}
