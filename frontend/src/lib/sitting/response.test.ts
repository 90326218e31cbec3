import { expect, test } from "vitest";
import { isAnswered, isComplete, shownGroups, typeNational } from "./response";

const typed = (keys: string) => [...keys].reduce((text, key) => typeNational(text, key), "");

test("the keypad of Part III holds what an answer sheet can: four places, minus first, comma second or third", () => {
  expect(typed("12,5")).toBe("12,5");
  expect(typed("-1,5")).toBe("-1,5");
  expect(typed("12345")).toBe("1234");
  expect(typed(",5")).toBe("5");
  expect(typed("123,")).toBe("123");
  expect(typed("1,2,")).toBe("1,2");
  expect(typed("5-")).toBe("5");
  expect(typed("-,")).toBe("-");
  expect(typed("12⌫3")).toBe("13");
});

test("a question half answered is answered, and not complete", () => {
  expect(isAnswered({ s: [null, null, null, null] })).toBe(false);
  expect(isAnswered({ s: [true, null, null, null] })).toBe(true);
  expect(isComplete({ s: [true, null, null, null] })).toBe(false);
  expect(isComplete({ s: [true, false, false, true] })).toBe(true);
  expect(isAnswered({ c: 0 })).toBe(true);
  expect(isAnswered({ t: "  " })).toBe(false);
  expect(isAnswered({ b: [{ t: "" }, { m: [] }, null] })).toBe(false);
});

test("groups are shown in the order of the form", () => {
  expect(shownGroups({ kind: "choice", options: 4 }, [2, 0, 1, 3])).toEqual([[2, 0, 1, 3]]);
  expect(shownGroups({ kind: "pairs", lefts: 2, rights: 3 }, [1, 0, 2, 1, 0])).toEqual([
    [1, 0],
    [2, 1, 0],
  ]);
  expect(shownGroups({ kind: "choice", options: 2 }, [])).toEqual([[0, 1]]);
  expect(shownGroups({ kind: "essay", by: "either" }, [])).toEqual([]);
});
