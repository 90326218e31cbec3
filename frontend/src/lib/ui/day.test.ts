import { expect, test } from "vitest";
import { dayText, parseDay } from "./day";

test("a day is read as people here write it, the day before the month", () => {
  expect(["17/05/2010", "7/5/2010", "17-05-2010", "17.5.2010", "17052010", " 17 5 2010 "].map(parseDay)).toEqual([
    "2010-05-17",
    "2010-05-07",
    "2010-05-17",
    "2010-05-17",
    "2010-05-17",
    "2010-05-17",
  ]);
});

test("a day that does not exist is no day", () => {
  expect(["31/02/2011", "05/17/2010", "2010", "", "17/5/10"].map(parseDay)).toEqual([null, null, null, null, null]);
});

test("a stored day is shown as it is typed", () => {
  expect(dayText("2010-05-17")).toBe("17/05/2010");
  expect(dayText("")).toBe("");
});
