import { readFileSync } from "node:fs";
import { archive } from "./files";
import { picture } from "./lesson";

/**
 * A mathematics paper of forty questions in the teachers' layout, as nasty as those that come from real
 * computers: labels split over runs, automatic numbering, options on one line, in table cells and in
 * lists, keys by underline, by red and in tables after the end, equations, a picture, text in an old
 * font, tracked changes, soft line breaks. Two things in it are in doubt: question 5 is underlined B
 * but the table says C, and the table leaves question 20 out.
 */
export const doubts = { conflict: 5, unkeyed: 20 };
export const count = 40;

interface Look {
  bold?: boolean;
  underline?: boolean;
  red?: boolean;
  font?: string;
}
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function run(text: string, look: Look = {}): string {
  const marks =
    (look.font ? `<w:rFonts w:ascii="${look.font}" w:hAnsi="${look.font}" w:cs="${look.font}"/>` : "") +
    (look.bold ? "<w:b/>" : "") +
    (look.red ? '<w:color w:val="FF0000"/>' : "") +
    (look.underline ? '<w:u w:val="single"/>' : "");
  const parts = text
    .split("\t")
    .map((part) => (part ? `<w:t xml:space="preserve">${escaped(part)}</w:t>` : ""));
  return `<w:r>${marks ? `<w:rPr>${marks}</w:rPr>` : ""}${parts.join("<w:tab/>")}</w:r>`;
}
const line = (...runs: string[]) => `<w:p>${runs.join("")}</w:p>`;
const listed = (list: number, depth: number, ...runs: string[]) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${list}"/></w:numPr></w:pPr>${runs.join("")}</w:p>`;
const cell = (...blocks: string[]) =>
  `<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>${blocks.join("")}</w:tc>`;
const table = (rows: string[][]) =>
  `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>${rows.map((cells) => `<w:tr>${cells.join("")}</w:tr>`).join("")}</w:tbl>`;
const words = (text: string) => line(run(text));

// Equations as Word holds them.
const math = (inner: string) => `<m:oMath>${inner}</m:oMath>`;
const sign = (text: string) => `<m:r><m:t>${escaped(text)}</m:t></m:r>`;
const fraction = (top: string, bottom: string) =>
  `<m:f><m:num>${sign(top)}</m:num><m:den>${sign(bottom)}</m:den></m:f>`;
const power = (base: string, to: string) =>
  `<m:sSup><m:e>${sign(base)}</m:e><m:sup>${sign(to)}</m:sup></m:sSup>`;
const root = (of: string) =>
  `<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>${sign(of)}</m:e></m:rad>`;

const drawing = `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="2400000" cy="1600000"/><wp:docPr id="1" name="Hình 1" descr="Đồ thị"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="do-thi.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdImg1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2400000" cy="1600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

/** "Câu 7." as Word leaves it after a few corrections: three runs. */
const label = (n: number) =>
  run("Câ", { bold: true }) + run(`u ${n}`, { bold: true }) + run(". ", { bold: true });

const SUMS: [ask: string, options: [string, string, string, string], right: number][] = [
  ["[NB] Số nào là số nguyên tố?", ["21", "23", "25", "27"], 1],
  ["[NB] Tập nghiệm của phương trình 2x – 6 = 0 là", ["{3}", "{–3}", "{6}", "{0}"], 0],
  ["[TH] Giá trị của biểu thức 3² + 4² bằng", ["7", "12", "25", "49"], 2],
  [
    "[TH] Hàm số y = 2x + 1 đồng biến trên",
    ["khoảng (0; 1)", "tập số thực", "khoảng (–1; 0)", "tập rỗng"],
    1,
  ],
  ["[NB] Hình lập phương có bao nhiêu cạnh?", ["6", "8", "12", "10"], 1],
  ["[NB] Góc bẹt có số đo bằng", ["90°", "120°", "150°", "180°"], 3],
  ["[TH] Trung bình cộng của 4, 6 và 11 là", ["6", "7", "8", "9"], 1],
  [
    "[VD] Một cửa hàng giảm giá 20 % một chiếc áo giá 250 nghìn đồng. Giá mới là",
    ["200 nghìn", "210 nghìn", "225 nghìn", "230 nghìn"],
    0,
  ],
];

/** Options behind each other on one line; the right letter is underlined. */
function inLine(options: readonly string[], right: number): string {
  return line(
    ...options.flatMap((option, i) => [
      run(`${i > 0 ? "\t" : ""}`),
      run(`${"ABCD"[i]}.`, { bold: true, underline: i === right }),
      run(` ${option}`),
    ]),
  );
}
const plain = (options: readonly string[]) =>
  options.map((option, i) => line(run(`${"ABCD"[i]}. ${option}`))).join("");

function partOne(): string {
  const out: string[] = [];
  SUMS.forEach(([ask, options, right], i) => {
    out.push(line(label(i + 1), run(ask)), inLine(options, right));
  });
  // 9 to 12: Word's own numbering, so that neither "Câu 9." nor "A." is in the text.
  const listedAsks = [
    ["[NB] Đơn vị đo diện tích là", "mét", "mét vuông", "mét khối", "lít"],
    ["[NB] Số đối của 5 là", "–5", "5", "0", "1"],
    ["[TH] Bội chung nhỏ nhất của 4 và 6 là", "2", "10", "12", "24"],
    ["[VD] Một lớp có 40 học sinh, 60 % là nữ. Số học sinh nữ là", "16", "20", "24", "28"],
  ] as const;
  listedAsks.forEach(([ask, ...options], i) => {
    out.push(listed(1, 0, run(ask)));
    options.forEach((option) => out.push(listed(10 + i, 0, run(option))));
  });
  // 13 to 16: options in the cells of a table without lines; the key is red.
  const boxed = [
    [
      "[NB] Đường trung tuyến của tam giác đi qua",
      ["một đỉnh và trung điểm cạnh đối diện", "hai trung điểm", "ba đỉnh", "tâm đường tròn"],
      0,
    ],
    ["[TH] Tổng ba góc trong một tam giác bằng", ["90°", "180°", "270°", "360°"], 1],
    ["[TH] Diện tích hình chữ nhật có hai cạnh 3 cm và 5 cm là", ["8 cm²", "16 cm²", "15 cm²", "30 cm²"], 2],
    ["[VD] Tam giác có ba cạnh 3, 4, 5 là tam giác", ["đều", "cân", "tù", "vuông"], 3],
  ] as const;
  boxed.forEach(([ask, options, right], i) => {
    const box = (n: number) => cell(line(run(`${"ABCD"[n]}. `, { red: n === right }), run(options[n] ?? "")));
    out.push(
      line(label(13 + i), run(ask)),
      table([
        [box(0), box(1)],
        [box(2), box(3)],
      ]),
    );
  });
  // 17 to 20: equations.
  out.push(line(label(17), run("[TH] Rút gọn "), math(fraction("6", "8")), run(" ta được")));
  out.push(
    line(
      run("A. "),
      math(fraction("2", "3")),
      run("\tB. "),
      math(fraction("3", "4")),
      run("\tC. "),
      math(fraction("1", "2")),
      run("\tD. "),
      math(fraction("4", "3")),
    ),
  );
  out.push(line(run("Lời giải", { bold: true })), line(run("Chia cả tử và mẫu cho 2.")));
  out.push(
    line(label(18), run("[NB] Giá trị của "), math(power("2", "5")), run(" là")),
    plain(["10", "16", "32", "64"]),
  );
  out.push(
    line(label(19), run("[VD] Kết quả của "), math(root("49")), run(" là")),
    plain(["6", "7", "8", "9"]),
  );
  out.push(
    line(label(20), run("[VDC] Nghiệm của "), math(power("x", "2") + sign("=") + sign("0")), run(" là")),
    plain(["0", "1", "–1", "2"]),
  );
  // 21: a picture. 22: an old font. 23, 24: a text for both, one of them with a tracked change.
  out.push(
    line(label(21), run("[TH] Đồ thị trong hình bên đi qua điểm nào?")),
    line(drawing),
    plain(["gốc toạ độ", "điểm (1; 5)", "điểm (2; –3)", "điểm (–4; 4)"]),
  );
  out.push(
    line(label(22), run("[NB] "), run("Sè nµo lµ sè ch½n?", { font: ".VnTime" })),
    plain(["13", "15", "18", "21"]),
  );
  out.push(line(run("Đọc đoạn văn sau và trả lời các câu 23, 24.")));
  out.push(
    words("Một bể nước dạng hình hộp chữ nhật dài 2 m, rộng 1 m, cao 1,5 m. Ban đầu bể không có nước."),
  );
  out.push(line(label(23), run("[TH] Thể tích của bể là")), plain(["2 m³", "3 m³", "4 m³", "4,5 m³"]));
  out.push(
    line(
      label(24),
      run("[VD] Mỗi phút bơm 50 lít thì sau bao lâu "),
      '<w:del w:id="9" w:author="a"><w:r><w:delText>xe </w:delText></w:r></w:del>',
      '<w:ins w:id="10" w:author="a"><w:r><w:t xml:space="preserve">bể </w:t></w:r></w:ins>',
      "<w:r><w:br/><w:t>đầy?</w:t></w:r>",
    ),
    plain(["30 phút", "45 phút", "60 phút", "90 phút"]),
  );
  return out.join("");
}

const TRUTHS: [stem: string, statements: [string, boolean][]][] = [
  [
    "Cho hàm số y = 2x – 4.",
    [
      ["Đồ thị cắt trục hoành tại điểm (2; 0)", true],
      ["Hàm số nghịch biến", false],
      ["Đồ thị đi qua gốc toạ độ", false],
      ["Hệ số góc bằng 2", true],
    ],
  ],
  [
    "Cho hình vuông cạnh 4 cm.",
    [
      ["Chu vi bằng 16 cm", true],
      ["Diện tích bằng 8 cm²", false],
      ["Hai đường chéo vuông góc", true],
      ["Mỗi góc bằng 60°", false],
    ],
  ],
  [
    "Gieo một con xúc xắc cân đối.",
    [
      ["Có 6 kết quả có thể", true],
      ["Xác suất ra mặt 7 chấm bằng 0", true],
      ["Xác suất ra mặt chẵn là một phần ba", false],
      ["Xác suất ra mặt 1 chấm lớn hơn mặt 6 chấm", false],
    ],
  ],
  [
    "Cho dãy số 2, 5, 8, 11.",
    [
      ["Hai số liền nhau hơn kém 3", true],
      ["Số tiếp theo là 13", false],
      ["Tổng bốn số là 26", true],
      ["Mọi số đều lẻ", false],
    ],
  ],
  [
    "Một xe đi 120 km trong 2 giờ.",
    [
      ["Vận tốc trung bình là 60 km/h", true],
      ["Đi 180 km mất 4 giờ", false],
      ["Trong nửa giờ xe đi 30 km", true],
      ["Xe đi 1 km trong 2 phút", false],
    ],
  ],
  [
    "Cho số 48.",
    [
      ["Chia hết cho 3", true],
      ["Chia hết cho 5", false],
      ["Có đúng hai ước", false],
      ["Là số chẵn", true],
    ],
  ],
];
const SHORT: [string, string][] = [
  ["Tính 2,5 × 5.", "12,5"],
  ["Tìm x biết x + 7 = 3.", "-4"],
  ["Chu vi hình vuông cạnh 3 cm là bao nhiêu xăng-ti-mét?", "12"],
  ["Số dư khi chia 47 cho 6 là bao nhiêu?", "5"],
  ["Viết 0,75 dưới dạng phần trăm thì được bao nhiêu phần trăm?", "75"],
  ["Một tam giác có đáy 6 cm, chiều cao 5 cm. Diện tích bằng bao nhiêu xăng-ti-mét vuông?", "15"],
  ["Số lớn nhất có hai chữ số chia hết cho 7 là số nào?", "98"],
  ["Một bạn đọc 24 trang trong 3 ngày. Mỗi ngày bạn đọc trung bình bao nhiêu trang?", "8"],
];

function others(): string {
  const out: string[] = [
    line(
      run("PHẦN II. ", { bold: true }),
      run("Câu trắc nghiệm đúng sai. Trong mỗi ý a), b), c), d) thí sinh chọn đúng hoặc sai."),
    ),
  ];
  TRUTHS.forEach(([stem, statements], i) => {
    out.push(line(label(i + 1), run(stem)));
    statements.forEach(([text, right], n) =>
      out.push(line(run(`${"abcd"[n]})`, { underline: right }), run(` ${text}.`))),
    );
  });
  out.push(line(run("PHẦN III. ", { bold: true }), run("Câu trắc nghiệm trả lời ngắn.")));
  SHORT.forEach(([ask, answer], i) =>
    out.push(line(label(i + 1), run(ask)), line(run("Đáp án: ", { bold: true }), run(answer))),
  );
  out.push(line(run("PHẦN IV. ", { bold: true }), run("Tự luận.")));
  out.push(line(label(1), run("(1 điểm) Chứng tỏ rằng tổng của hai số lẻ là một số chẵn.")));
  out.push(
    line(
      label(2),
      run(
        "(2 điểm) Một khu vườn hình chữ nhật có chu vi 40 m, chiều dài hơn chiều rộng 4 m. Tính diện tích khu vườn.",
      ),
    ),
  );
  return out.join("");
}

/** The key of Part I in two blocks; question 5 against the paper, question 20 left out. */
function keyTable(): string {
  const key = "BACBCDBABACCABCDBCB-ACBC";
  const block = (from: number, to: number) => {
    const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return table([
      [cell(words("Câu")), ...numbers.map((n) => cell(words(String(n))))],
      [cell(words("Đáp án")), ...numbers.map((n) => cell(words((key[n - 1] ?? "").replace("-", ""))))],
    ]);
  };
  return block(1, 12) + words("") + block(13, 24);
}

const NAMESPACES = [
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
].join(" ");

function numbering(): string {
  const level = (format: string, text: string, start: number) =>
    `<w:lvl w:ilvl="0"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
  const lists = [10, 11, 12, 13];
  return (
    `<w:abstractNum w:abstractNumId="1">${level("decimal", "Câu %1.", 9)}</w:abstractNum>` +
    lists
      .map((n) => `<w:abstractNum w:abstractNumId="${n}">${level("upperLetter", "%1.", 1)}</w:abstractNum>`)
      .join("") +
    [1, ...lists].map((n) => `<w:num w:numId="${n}"><w:abstractNumId w:val="${n}"/></w:num>`).join("")
  );
}

export function nastyPaper(): Buffer {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const part = "application/vnd.openxmlformats-officedocument.wordprocessingml";
  const heading = table([
    [
      cell(words("TRƯỜNG THPT NGUYỄN TRÃI"), words("Tổ Toán")),
      cell(line(run("ĐỀ KIỂM TRA CUỐI KÌ", { bold: true })), words("Thời gian: 90 phút")),
    ],
  ]);
  const body = [
    heading,
    line(run("Họ và tên: ……………………………… Lớp: ………")),
    line(
      run("PHẦN I. ", { bold: true }),
      run("Câu trắc nghiệm nhiều phương án lựa chọn. Mỗi câu hỏi thí sinh chỉ chọn một phương án."),
    ),
    partOne(),
    others(),
    line(run("------------ HẾT ------------", { bold: true })),
    line(run("BẢNG ĐÁP ÁN PHẦN I", { bold: true })),
    keyTable(),
  ].join("");
  return archive({
    "[Content_Types].xml": `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="${part}.document.main+xml"/><Override PartName="/word/numbering.xml" ContentType="${part}.numbering+xml"/></Types>`,
    "_rels/.rels": `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/_rels/document.xml.rels": `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdNum" Type="${office}/numbering" Target="numbering.xml"/><Relationship Id="rIdImg1" Type="${office}/image" Target="media/image1.png"/></Relationships>`,
    "word/document.xml": `${xml}<w:document ${NAMESPACES}><w:body>${body}<w:sectPr/></w:body></w:document>`,
    "word/numbering.xml": `${xml}<w:numbering ${NAMESPACES}>${numbering()}</w:numbering>`,
    "word/media/image1.png": readFileSync(picture),
  });
}
