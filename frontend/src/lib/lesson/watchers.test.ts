import { describe, expect, it } from "vitest";
import type { Watcher } from "$lib/api";
import { ordered, summary } from "./watchers";

const row = (name: string, fraction: number): Watcher => ({
  person: { id: name, display_name: name, class_name: "10A1" },
  asset_id: "a",
  watched_us: fraction * 60e6,
  duration_us: 60e6,
  fraction,
  last_at: 0,
});

describe("who watched", () => {
  const rows = [row("Trần Văn Đức", 0.5), row("Lê Thị Dung", 1), row("Nguyễn An", 0)];

  it("names sort by the given name, đ after d", () => {
    expect(ordered(rows, "name").map((r) => r.person.display_name)).toEqual([
      "Nguyễn An",
      "Lê Thị Dung",
      "Trần Văn Đức",
    ]);
  });
  it("those who watched least come first when a teacher asks", () => {
    expect(ordered(rows, "least")[0]?.person.display_name).toBe("Nguyễn An");
  });
  it("the sum counts people once", () => {
    expect(summary([...rows, row("Nguyễn An", 0.9)])).toMatchObject({ people: 3, nearlyAll: 2 });
    expect(summary([])).toEqual({ people: 0, average: 0, nearlyAll: 0 });
  });
});
