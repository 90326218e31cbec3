import { expect, test } from "vitest";
import { changeOf, NO_CHANGE } from "./classify";

test("nothing chosen asks for nothing", () => {
  expect(changeOf(null, NO_CHANGE, new Set())).toBeNull();
});

test("what is taken off is told apart from what is left as it is", () => {
  expect(changeOf(null, NO_CHANGE, new Set(["level"]))).toEqual({ clear: ["level"] });
  expect(changeOf("vd", NO_CHANGE, new Set(["level"]))).toEqual({ level: "vd" });
});

test("a new subject leaves no requirement of the old one behind", () => {
  expect(changeOf(null, { ...NO_CHANGE, subject: "toan" }, new Set())).toEqual({
    subject: "toan",
    clear: ["requirement"],
  });
  const place = { ...NO_CHANGE, subject: "toan", requirement: "toan-10.dai-so.1" };
  expect(changeOf(null, place, new Set())).toEqual({ subject: "toan", requirement: "toan-10.dai-so.1" });
});
