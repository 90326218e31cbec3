import { expect, test } from "vitest";
import { gradeOf, nextName, nextYear } from "./promotion";

test("a class moves up by one grade and keeps its letter", () => {
  expect(nextName({ name: "10A1", grade: 10 })).toBe("11A1");
  expect(nextName({ name: "Lớp 9/2", grade: 8 })).toBe("Lớp 9/2");
  expect(nextName({ name: "1C", grade: null })).toBe("2C");
});

test("pupils of a school's last grade leave", () => {
  expect([5, 9, 12].map((grade) => nextName({ name: `${grade}A`, grade }))).toEqual([null, null, null]);
});

test("the grade is read from the class name", () => {
  expect(["10A1", "Lớp 6B", "Lá 2", "Chồi", "99"].map(gradeOf)).toEqual([10, 6, 2, null, null]);
});

test("the next school year follows the latest one", () => {
  const latest = { id: "y", name: "2026–2027", starts_on: "2026-09-05", ends_on: "2027-07-31", current: true };
  expect(nextYear(latest, new Date("2027-03-01"))).toEqual({ name: "2027–2028", starts_on: "2027-08-01", ends_on: "2028-07-31" });
  expect(nextYear(null, new Date("2026-03-01")).name).toBe("2025–2026");
  expect(nextYear(null, new Date("2026-08-01")).name).toBe("2026–2027");
});
