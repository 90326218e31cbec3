import { describe, expect, it } from "vitest";
import {
  hasFormula,
  hasPending,
  headings,
  plainText,
  safeHref,
  slug,
  withoutPending,
  type Doc,
  type DocNode,
} from "./doc";

const text = (words: string): DocNode => ({ type: "text", text: words });
const doc = (...content: DocNode[]): Doc => ({ type: "doc", content });

describe("lesson documents", () => {
  it("headings get readable anchors, twice the same heading two of them", () => {
    const made = headings(
      doc(
        { type: "heading", attrs: { level: 2 }, content: [text("Định luật Ôm")] },
        { type: "heading", attrs: { level: 3 }, content: [text("Định luật Ôm")] },
        { type: "heading", attrs: { level: 2 } },
      ),
    );
    expect(made.map((h) => h.id)).toEqual(["dinh-luat-om", "dinh-luat-om-2"]);
  });

  it("đ becomes d in an anchor", () => {
    expect(slug("  Đường đi của ánh sáng! ")).toBe("duong-di-cua-anh-sang");
  });

  it("a link that would run a script is no link", () => {
    expect(safeHref("javascript:alert(1)")).toBeNull();
    expect(safeHref(" JaVaScRiPt:alert(1)")).toBeNull();
    expect(safeHref("data:text/html,x")).toBeNull();
    expect(safeHref("//evil.example")).toBeNull();
    expect(safeHref("/\\evil.example")).toBeNull();
    expect(safeHref("https://vi.wikipedia.org/wiki/Điện")).toBe("https://vi.wikipedia.org/wiki/Điện");
    expect(safeHref("/lessons/7")).toBe("/lessons/7");
  });

  it("a picture still on its way is kept here and not sent", () => {
    const draft = doc(
      { type: "paragraph", content: [text("Chào")] },
      { type: "image", attrs: { asset: null, upload: "u1" } },
    );
    expect(hasPending(draft)).toBe(true);
    expect(withoutPending(draft).content).toHaveLength(1);
  });

  it("a document of nothing but pending files is still a document", () => {
    expect(withoutPending(doc({ type: "video", attrs: { asset: null, upload: "u1" } })).content).toEqual([
      { type: "paragraph" },
    ]);
  });

  it("formulas are noticed wherever they stand", () => {
    const nested = doc({
      type: "bulletList",
      content: [{ type: "listItem", content: [{ type: "mathInline", attrs: { latex: "x^2" } }] }],
    });
    expect(hasFormula(nested)).toBe(true);
    expect(plainText(nested)).toBe("x^2");
    expect(hasFormula(doc())).toBe(false);
  });
});
