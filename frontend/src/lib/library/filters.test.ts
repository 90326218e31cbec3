import { expect, test } from "vitest";
import { addressOf, filtersOf } from "./filters";

test("an address leads to the same shelf again", () => {
  const address = "/library?q=%C4%91%E1%BB%8Bnh+lu%E1%BA%ADt&grade=9&subject=physics&kind=video&sort=title";
  expect(addressOf(filtersOf(new URL(address, "http://x").searchParams))).toBe(address);
});

test("nonsense in the address is ignored", () => {
  expect(filtersOf(new URLSearchParams("grade=99&kind=hologram&sort=luck"))).toEqual({
    q: "",
    subject: null,
    grade: null,
    kind: null,
    sort: "newest",
  });
});
