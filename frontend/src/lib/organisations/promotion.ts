import type { ClassGroup, SchoolYear } from "$lib/api/types";

/** Last grades of primary, lower and upper secondary school: their pupils leave rather than move up. */
const LAST_GRADES = [5, 9, 12];

/** The grade a class name begins with ("10A1" → 10); null when there is none from 1 to 12. */
export function gradeOf(name: string): number | null {
  const grade = Number(/^\D{0,5}?(\d{1,2})/.exec(name.trim())?.[1]);
  return grade >= 1 && grade <= 12 ? grade : null;
}

/** "10A1" → "11A1"; null (leaves) after a last grade. A name without a grade stays as it is. */
export function nextName(group: Pick<ClassGroup, "name" | "grade">): string | null {
  const grade = group.grade ?? gradeOf(group.name);
  if (grade === null) return group.name;
  if (LAST_GRADES.includes(grade)) return null;
  return group.name.replace(String(grade), String(grade + 1));
}

/** A proposal for the year after the latest one, from the day after it, so that no day lies between two years; they change on 1 August. */
export function nextYear(latest: SchoolYear | null, today: Date): Pick<SchoolYear, "name" | "starts_on" | "ends_on"> {
  // Before August the running school year began in the year before.
  const running = today.getMonth() >= 7 ? today.getFullYear() : today.getFullYear() - 1;
  const first = latest ? Number(latest.starts_on.slice(0, 4)) + 1 : running;
  const starts = latest ? dayAfter(latest.ends_on) : `${first}-08-01`;
  return { name: `${first}–${first + 1}`, starts_on: starts, ends_on: `${first + 1}-07-31` };
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
