import { expect, test } from "vitest";
import { changes, NO_FIELDS } from "./fields";

test("only what was changed is sent", () => {
  const before = { ...NO_FIELDS, display_name: "Nguyễn Văn An", email: "an@truong.vn" };
  expect(changes(before, { ...before, phone: " 0901 ", email: "" })).toEqual({ phone: "0901", email: null });
});

test("spaces alone change nothing", () => {
  expect(changes(NO_FIELDS, { ...NO_FIELDS, code: "  " })).toEqual({});
});
