import { expect, it } from "vitest";
import type { DocNode } from "./doc";
import { glued } from "./glue";

const text = (words: string): DocNode => ({ type: "text", text: words });
const formula = (latex: string): DocNode => ({ type: "mathInline", attrs: { latex } });

it("brackets and full stops stay with a short formula", () => {
  const nodes = [text("trên giây ("), formula("m/s"), text("), còn thời gian "), formula("t"), text(".")];
  expect(glued(nodes)).toMatchObject([
    { text: "trên giây " },
    { open: "(", close: ")," },
    { text: " còn thời gian " },
    { open: "", close: "." },
    { text: "" },
  ]);
  expect(nodes[0]?.text, "the document itself stays as it is").toBe("trên giây (");
});

it("long formulas and words with marks are left alone", () => {
  const bold: DocNode = { type: "text", text: ". Đậm", marks: [{ type: "bold" }] };
  expect(glued([formula("x"), bold])).toMatchObject([{ type: "mathInline" }, { text: ". Đậm" }]);
  const long = formula("v_0 = 36\\ \\mathrm{km/h} = 10\\ \\mathrm{m/s}");
  expect(glued([text("("), long])[0]?.text).toBe("(");
});
