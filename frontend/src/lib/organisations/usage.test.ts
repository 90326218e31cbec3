import { expect, it } from "vitest";
import type { Organisation } from "$lib/api/types";
import { usageOf } from "./usage";

const node = (id: string, parent_id: string | null, used_bytes: number, quota_bytes: number | null = null) =>
  ({ id, parent_id, used_bytes, quota_bytes }) as Organisation;

it("a school's space is what it and its campuses take", () => {
  const all = [node("so", null, 1), node("truong", "so", 10, 100), node("diem", "truong", 20), node("khac", "so", 40)];
  expect(usageOf(all, "truong")).toEqual({ used: 30, quota: 100 });
  expect(usageOf(all, "so")).toEqual({ used: 71, quota: null });
  expect(usageOf(all, "gone")).toEqual({ used: 0, quota: null });
});
