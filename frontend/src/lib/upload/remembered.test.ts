import { describe, expect, it } from "vitest";
import { forgetUploads, isSameFile, recall, remember, type Remembered } from "./remembered";
import { refusalCode, worthRetrying } from "./transfer";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  };
}

const entry: Remembered = {
  id: "u1",
  filename: "Bài 12.mp4",
  size: 1000,
  lastModified: 7,
  sent: 450,
  organisation: "o1",
  lesson: null,
  asset: null,
};

describe("uploads after a reload", () => {
  it("an unfinished upload is offered again, to the person who began it only", () => {
    const kept = storage();
    remember(kept, "lan", [entry]);
    expect(recall(kept, "lan")).toEqual([entry]);
    expect(recall(kept, "minh")).toEqual([]);
  });
  it("a spoiled memory is an empty one", () => {
    const kept = storage();
    kept.setItem("lopmo.uploads.lan", '{"no');
    expect(recall(kept, "lan")).toEqual([]);
    kept.setItem("lopmo.uploads.lan", '[{"id":1}]');
    expect(recall(kept, "lan")).toEqual([]);
  });
  it("another file of the same name is another file", () => {
    expect(isSameFile({ name: "Bài 12.mp4", size: 1000, lastModified: 7 }, entry)).toBe(true);
    expect(isSameFile({ name: "Bài 12.mp4", size: 1001, lastModified: 7 }, entry)).toBe(false);
  });
  it("a refusal is told in the words of the server, a broken line is tried again", () => {
    expect(refusalCode(413, '{"code":"quota"}')).toBe("quota");
    expect(refusalCode(507, "<html>")).toBe("disk-full");
    expect(worthRetrying(0)).toBe(true);
    expect(worthRetrying(503)).toBe(true);
    expect(worthRetrying(507)).toBe(false);
    expect(worthRetrying(413)).toBe(false);
  });
  it("forgetting one person's uploads leaves another's alone", () => {
    const kept = storage();
    remember(kept, "lan", [entry]);
    remember(kept, "minh", [entry]);
    kept.setItem("tus::lopmo:lan:o:bai.mp4:9:7::1", "{}");
    kept.setItem("tus::lopmo:minh:o:bai.mp4:9:7::2", "{}");
    forgetUploads(kept, "lan");
    expect(recall(kept, "lan")).toEqual([]);
    expect(recall(kept, "minh")).toEqual([entry]);
    expect(kept.getItem("tus::lopmo:lan:o:bai.mp4:9:7::1")).toBeNull();
    expect(kept.getItem("tus::lopmo:minh:o:bai.mp4:9:7::2")).not.toBeNull();
  });
});
