import { describe, expect, it } from "vitest";
import { chapterAt, chaptersText, parseChapters } from "./chapters";

describe("chapters as lines", () => {
  it("a teacher types times and titles", () => {
    const { chapters, faults } = parseChapters("00:00 Mở đầu\n\n01:30 - Thí nghiệm\n1:02:00 Kết luận", null);
    expect(faults).toEqual([]);
    expect(chapters).toEqual([
      { start_us: 0, title: "Mở đầu" },
      { start_us: 90_000_000, title: "Thí nghiệm" },
      { start_us: 3_720_000_000, title: "Kết luận" },
    ]);
    expect(chaptersText(chapters)).toBe("00:00 Mở đầu\n01:30 Thí nghiệm\n1:02:00 Kết luận");
  });
  it("each slip is named with its line", () => {
    const { faults } = parseChapters("Mở đầu\n00:10\n00:30 Hai\n00:20 Ba\n09:00 Bốn", 60_000_000);
    expect(faults).toEqual([
      { line: 1, code: "no-time" },
      { line: 2, code: "no-title" },
      { line: 4, code: "not-later" },
      { line: 5, code: "past-end" },
    ]);
  });
  it("the chapter that is on is the last that began", () => {
    const { chapters } = parseChapters("00:00 Một\n00:30 Hai", null);
    expect(chapterAt(chapters, 29)?.title).toBe("Một");
    expect(chapterAt(chapters, 30)?.title).toBe("Hai");
  });
});
