// @vitest-environment jsdom
import { getSchema } from "@tiptap/core";
import { DOMParser as ProseParser, Node as ProseNode } from "@tiptap/pm/model";
import { describe, expect, it, vi } from "vitest";
import type { Doc, DocNode } from "$lib/api";
import { withLessonHeadings } from "./paste";

// Loading the components asks the browser for things jsdom lacks; nothing is drawn here.
vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
const { lessonExtensions } = await import("./extensions");

const schema = getSchema(
  lessonExtensions(
    { empty: "", line: "" },
    { onopen: () => undefined, onchange: () => undefined, onclose: () => undefined, onkey: () => false },
  ),
);

const text = (words: string, ...marks: string[]): DocNode => ({
  type: "text",
  text: words,
  ...(marks.length ? { marks: marks.map((type) => ({ type })) } : {}),
});
const paragraph = (...content: DocNode[]): DocNode => ({ type: "paragraph", content });

/** One of everything the contract names. */
const WHOLE: Doc = {
  type: "doc",
  content: [
    { type: "heading", attrs: { level: 2 }, content: [text("Mục")] },
    paragraph(
      ...["bold", "italic", "underline", "strike", "subscript", "superscript", "highlight"].map((m) =>
        text(m, m),
      ),
      text("code", "code"),
      { type: "hardBreak" },
      { type: "mathInline", attrs: { latex: "x^2" } },
      {
        type: "text",
        text: "liên kết",
        marks: [{ type: "link", attrs: { href: "https://vi.wikipedia.org" } }],
      },
    ),
    { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("ý"))] }] },
    {
      type: "orderedList",
      attrs: { start: 3 },
      content: [{ type: "listItem", content: [paragraph(text("bước"))] }],
    },
    { type: "blockquote", content: [paragraph(text("trích"))] },
    { type: "codeBlock", attrs: { language: "python" }, content: [text("print(1)")] },
    { type: "horizontalRule" },
    { type: "callout", attrs: { kind: "warning" }, content: [paragraph(text("cẩn thận"))] },
    { type: "mathBlock", attrs: { latex: "\\ce{H2O}" } },
    {
      type: "table",
      content: [
        {
          type: "tableRow",
          content: [
            { type: "tableHeader", attrs: { colspan: 2, rowspan: 1 }, content: [paragraph(text("U"))] },
            { type: "tableCell", attrs: { colspan: 1, rowspan: 1 }, content: [paragraph(text("3,0"))] },
          ],
        },
      ],
    },
    { type: "image", attrs: { asset: "a1", alt: "đồ thị", caption: "Hình 1" } },
    { type: "video", attrs: { asset: "a2", caption: "" } },
    { type: "audio", attrs: { asset: "a3", caption: "" } },
    { type: "file", attrs: { asset: "a4", title: "Phiếu" } },
    { type: "pdf", attrs: { asset: "a5", title: "Đề" } },
  ],
};

function paste(html: string): DocNode {
  const page = document.implementation.createHTMLDocument();
  page.body.innerHTML = html;
  return ProseParser.fromSchema(schema).parse(page.body).toJSON() as DocNode;
}

describe("the schema of a lesson", () => {
  it("everything the server keeps survives being opened in the editor", () => {
    const back = ProseNode.fromJSON(schema, WHOLE);
    back.check();
    expect(back.toJSON()).toMatchObject(WHOLE);
  });

  it("what comes from Word keeps its words and marks and loses its looks", () => {
    const made = paste(
      '<p class="MsoNormal" style="color:red"><b>Câu 1.</b> Chọn <span style="font-size:30pt">đáp án</span></p><o:p></o:p>',
    );
    expect(made.content).toEqual([paragraph(text("Câu 1.", "bold"), text(" Chọn đáp án"))]);
  });

  it("a script, a frame and a dangerous link do not come in by paste", () => {
    const made = paste(
      '<script>alert(1)</script><iframe src="https://evil.example"></iframe><img src="x" onerror="alert(1)">' +
        '<p><a href="javascript:alert(1)">bấm</a></p>',
    );
    expect(JSON.stringify(made)).not.toMatch(/script|iframe|onerror|evil/);
    expect(made.content?.at(-1)).toEqual(paragraph(text("bấm")));
  });

  it("the first heading of a Word file becomes a section, the smallest stay headings", () => {
    const made = paste(withLessonHeadings('<h1 class="x">Chương</h1><H6>Chú ý</H6>'));
    expect(made.content?.map((n) => [n.type, n.attrs?.level])).toEqual([
      ["heading", 2],
      ["heading", 4],
    ]);
  });
});
