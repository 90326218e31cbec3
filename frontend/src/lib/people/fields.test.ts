import { expect, test } from "vitest";
import { changes, NO_FIELDS } from "./fields";

test("only what was changed is sent", () => {
  const before = { ...NO_FIELDS, display_name: "Nguyễn Văn An", email: "an@truong.vn" };
  expect(changes(before, { ...before, phone: " 0901 ", email: "" })).toEqual({ phone: "0901", email: null });
});

test("spaces alone change nothing", () => {
  expect(changes(NO_FIELDS, { ...NO_FIELDS, code: "  " })).toEqual({});
});

test("guardians are typed one a line and kept in one", () => {
  const before = { ...NO_FIELDS, guardians: "Cha: Lê Văn An, 0912345678" };
  expect(changes(before, { ...before, guardians: "Cha: Lê Văn An, 0912345678\n" })).toEqual({});
  expect(changes(before, { ...before, guardians: `${before.guardians}\nMẹ: Ngô Thị Bé` })).toEqual({ guardians: "Cha: Lê Văn An, 0912345678; Mẹ: Ngô Thị Bé" });
});
