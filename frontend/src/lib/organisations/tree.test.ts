import { expect, test } from "vitest";
import type { Organisation } from "$lib/api/types";
import { orgPath, orgRows } from "$lib/state/organisations.svelte";
import { isBelow, quotaBytes, quotaText } from "./tree";

const node = (id: string, parent_id: string | null, name = id): Organisation => ({
  id,
  parent_id,
  name,
  kind: "school",
  code: null,
  quota_bytes: null,
  used_bytes: 0,
  people_count: 0,
  can_manage: true,
  can_manage_people: true,
  can_author: true,
});
const all = [node("so", null, "Sở"), node("b", "so", "Trường 10"), node("a", "so", "Trường 2"), node("c", "b", "Điểm")];

test("the tree is listed depth first, with numbers in names in their order", () => {
  expect(orgRows(all).map(({ node, depth }) => `${depth} ${node.name}`)).toEqual(["0 Sở", "1 Trường 2", "1 Trường 10", "2 Điểm"]);
});

test("a node whose parent one may not see stands at the top", () => {
  expect(orgRows([node("c", "hidden")]).map(({ depth }) => depth)).toEqual([0]);
});

test("the path names what lies above", () => {
  expect(orgPath(all, all[3] as Organisation)).toBe("Sở › Trường 10");
});

test("a node can't be moved below itself", () => {
  expect(isBelow(all, "c", "b")).toBe(true);
  expect(isBelow(all, "b", "b")).toBe(true);
  expect(isBelow(all, "a", "b")).toBe(false);
});

test("a quota is typed in gigabytes with a comma or a point, empty is no limit", () => {
  expect(quotaBytes("1,5")).toBe(1_500_000_000);
  expect(quotaBytes("2.25")).toBe(2_250_000_000);
  expect(quotaBytes(" ")).toBeNull();
  expect(quotaText(1_500_000_000)).toBe("1,5");
});
