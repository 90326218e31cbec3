import { expect, test } from "vitest";
import { placeOf } from "./place";

test("an address says what is sat or seen", () => {
  expect(placeOf("/sit/abc")).toEqual({ kind: "test", test: "abc" });
  expect(placeOf("/sit/abc/")).toEqual({ kind: "test", test: "abc" });
  expect(placeOf("/sit/abc/def")).toEqual({ kind: "result", attempt: "def" });
  expect(placeOf("/t/K7-x")).toEqual({ kind: "link", link: "K7-x" });
  for (const path of ["/sit", "/sit/", "/t/", "/t/a/b", "/sit/a/b/c", "/other/a"]) expect(placeOf(path)).toBeNull();
});
