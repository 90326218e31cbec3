import { expect, test } from "vitest";
import type { Folder } from "./api";
import { folderRows, homeFolder, withBelow } from "./folders";

const folder = (
  id: string,
  parent_id: string | null,
  name: string,
  scope: Folder["scope"] = "mine",
): Folder => ({
  id,
  parent_id,
  name,
  scope,
  organisation: null,
  owner: null,
  can_edit: true,
  can_share: true,
  count: 0,
});
const all = [
  folder("r", null, ""),
  folder("b", "r", "Đại số"),
  folder("a", "r", "Chương 10"),
  folder("c", "r", "Chương 2"),
  folder("d", "b", "Hàm số"),
  folder("s", "elsewhere", "Mượn", "shared"),
];

test("folders stand as a tree, numbers in order and đ after c", () => {
  expect(folderRows(all, "mine").map((row) => `${row.depth}${row.folder.id}`)).toEqual([
    "0r",
    "1c",
    "1a",
    "1b",
    "2d",
  ]);
});

test("a lent folder whose parent is out of sight is a root of its own", () => {
  expect(folderRows(all, "shared").map((row) => row.depth)).toEqual([0]);
});

test("a folder is never moved into itself", () => {
  expect([...withBelow(all, "b")]).toEqual(["b", "d"]);
  expect(homeFolder(all)?.id).toBe("r");
});
