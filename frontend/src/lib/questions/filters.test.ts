import { expect, test } from "vitest";
import { addressOf, countOf, filtersOf, NO_FILTERS, queryOf } from "./filters";

test("an address gives the filters it was made of, and nonsense gives none", () => {
  const filters = {
    ...NO_FILTERS,
    q: "phuong trinh",
    folder: "f1",
    level: "vd" as const,
    grade: 10,
    reported: true,
  };
  const address = addressOf(filters);
  expect(filtersOf(new URL(address, "http://x").searchParams)).toEqual(filters);
  expect(countOf(filters)).toBe(3);
  expect(filtersOf(new URLSearchParams("grade=99&level=x&type=y&key=z"))).toEqual(NO_FILTERS);
  expect(addressOf(NO_FILTERS)).toBe("/questions");
  expect(queryOf(filters)).toMatchObject({ folder_id: "f1", reported: true });
});
