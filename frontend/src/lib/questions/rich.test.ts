// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { joinRich, parseRich, richFromHtml, richHtml, richText, shownText } from "./rich";

const same = (html: string) => expect(richHtml(parseRich(html))).toBe(html);

describe("the rich text of a question", () => {
  test("what the server writes is read and written back the same", () => {
    same(
      '<p>Cho <span data-math="x^2 &lt; 1"></span>, tìm <strong><em>x</em></strong>.<br>Biết H<sub>2</sub>O</p>',
    );
    same(
      '<p><span data-math="\\int" data-display="block"></span></p><p><img data-media="img1" alt="đồ thị" width="200"></p>',
    );
    same("<ul><li>một</li><li><p>hai</p><p>ba</p></li></ul><pre>a &lt; b\nc</pre>");
    same('<table><tbody><tr><th colspan="2">v</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>');
    same('<p>Điền <span data-blank="1"></span> <audio data-media="aud1" title="nghe"></audio></p>');
    same('<p><a href="https://lopmo.vn/?a=1&amp;b=2">trang</a></p>');
  });

  test("what is not of the subset falls away, and no script stays", () => {
    expect(
      richHtml(
        parseRich('<p onclick="x()">a<script>alert(1)</script><a href="javascript:x()">b</a></p><h1>c</h1>'),
      ),
    ).toBe("<p>ab</p><p>c</p>");
    expect(richHtml(parseRich('<img src="https://x.test/y.png"><iframe src="//x"></iframe>'))).toBe("");
  });

  test("the words are those the server would give", () => {
    const html =
      '<p>Cho <span data-math="x"></span> và <img data-media="img1"></p><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table><p><span data-blank="2"></span></p>';
    expect(richText(parseRich(html))).toBe("Cho $x$ và [image:img1]\n1 | 2\n[blank:2]");
  });

  test("two texts are joined as blocks", () => {
    expect(joinRich(richFromHtml("<p>a</p>"), richFromHtml("b")).html).toBe("<p>a</p><p>b</p>");
  });
});

test("a list shows lowered digits lowered", () => {
  const rich = richFromHtml("<p>K<sub>2</sub>O, Fe<sup>3+</sup> và v<sub>max</sub></p>");
  expect(shownText(rich)).toBe("K₂O, Fe³⁺ và vmax");
  expect(rich.text).toBe("K2O, Fe3+ và vmax");
});
