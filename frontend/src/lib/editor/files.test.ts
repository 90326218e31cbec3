import { describe, expect, it } from "vitest";
import { blockFor, blockForKind, titleFrom } from "./files";

describe("files dropped into a lesson", () => {
  it("each becomes the block it looks like", () => {
    expect(blockFor({ name: "thi-nghiem.MOV", type: "" })).toBe("video");
    expect(blockFor({ name: "ghi âm.m4a", type: "audio/mp4" })).toBe("audio");
    expect(blockFor({ name: "bảng.heic", type: "" })).toBe("image");
    expect(blockFor({ name: "đề.pdf", type: "application/pdf" })).toBe("pdf");
    expect(blockFor({ name: "bài.docx", type: "" })).toBe("file");
  });
  it("what the server found decides in the end", () => {
    expect(blockForKind("audio")).toBe("audio");
    expect(blockForKind("office")).toBe("file");
  });
  it("a title is the name without its ending", () => {
    expect(titleFrom("Bài_12_Điện trở.pdf")).toBe("Bài 12 Điện trở");
  });
});
