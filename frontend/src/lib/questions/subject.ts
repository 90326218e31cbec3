import type { Subject } from "$lib/api/types";

/** What papers call subjects besides their names; folded. Shorter ones stand only where a number or nothing follows. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  "ngu-van": ["van"],
  "tieng-anh": ["anh van", "anh", "english"],
  "vat-li": ["li"],
  "hoa-hoc": ["hoa"],
  "sinh-hoc": ["sinh"],
  "lich-su": ["su"],
  "dia-li": ["dia"],
  "tin-hoc": ["tin"],
  "giao-duc-cong-dan": ["gdcd"],
  "giao-duc-kinh-te-phap-luat": [
    "gdktpl",
    "gdkt pl",
    "ktpl",
    "gd kinh te va phap luat",
    "kinh te va phap luat",
  ],
  "khoa-hoc-tu-nhien": ["khtn"],
  "lich-su-dia-li": ["su dia", "ls dl"],
  "giao-duc-quoc-phong-an-ninh": ["gdqp"],
};

/** Lower case, no diacritics, i for y ("Vật lý"), one space between words. */
const folded = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replaceAll("y", "i")
    .replace(/[^a-z0-9:]+/g, " ")
    .trim();

interface Name {
  code: string;
  name: string;
  /** One of the shorter names. */
  short: boolean;
}
const namesOf = (subjects: readonly Subject[]): Name[] =>
  subjects
    .flatMap(({ code, name }) => [
      { code, name: folded(name.vi), short: false },
      ...(OTHER_NAMES[code] ?? []).map((other) => ({
        code,
        name: folded(other),
        short: !other.includes(" "),
      })),
    ])
    // The longest first: "Lịch sử và Địa lí" is no "Lịch sử".
    .sort((a, b) => b.name.length - a.name.length);

/** The subject whose name a text begins with. */
function beginning(text: string, names: readonly Name[]): string | null {
  for (const { code, name, short } of names) {
    const rest = text.startsWith(name) ? text.slice(name.length) : null;
    if (rest === null || /^[a-z]/.test(rest)) continue;
    if (!short || /^ ?(?:\d|:|$|lop|khoi|thpt|thcs|de|ma)/.test(rest)) return code;
  }
  return null;
}

const LABELLED = /(?<![a-z0-9])(?:mon|bai thi)(?: (?:thi|hoc|kiem tra|thanh phan|thi thanh phan))* ?:? ?/g;
/** Only one thing may be said. */
const only = (found: readonly (string | null)[]): string | null => {
  const said = new Set(found.filter((code) => code !== null));
  return said.size === 1 ? ([...said][0] ?? null) : null;
};

/**
 * The subject a paper says it is of: at its head ("MÔN: HÓA HỌC", "Vật lí 12"), else in its file's name
 * ("Vatly_201.docx"). Null where it says none, or several.
 */
export function subjectOf(
  head: readonly string[],
  filename: string,
  subjects: readonly Subject[],
): string | null {
  const names = namesOf(subjects);
  const lines = head.map(folded);
  const labelled = lines.flatMap((line) =>
    [...line.matchAll(LABELLED)].map((found) => beginning(line.slice(found.index + found[0].length), names)),
  );
  if (labelled.some((code) => code !== null)) return only(labelled);
  const begun = lines.filter((line) => line.length <= 40).map((line) => beginning(line, names));
  if (begun.some((code) => code !== null)) return only(begun);
  const headings = lines.filter((line) => /^(?:ki thi|de) /.test(line)).map((line) => inside(line, names));
  return only(headings) ?? inFilename(filename, names);
}

/** The one long name that stands among the words of a heading: "ĐỀ THI THỬ TOÁN 12". */
function inside(line: string, names: readonly Name[]): string | null {
  let rest = ` ${line} `;
  const found: string[] = [];
  for (const { code, name, short } of names) {
    if (short || !rest.includes(` ${name} `)) continue;
    found.push(code);
    rest = rest.replaceAll(` ${name} `, " ");
  }
  return only(found);
}

function inFilename(filename: string, names: readonly Name[]): string | null {
  // "Vatly201", "HoaHoc-12": letters and digits apart, words together or not.
  const words = folded(filename.replace(/\.[^.]+$/, "").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2"))
    .replace(/(\d)([a-z])/g, "$1 $2")
    .replace(/([a-z])(\d)/g, "$1 $2");
  const glued: Name[] = names
    .filter(({ short }) => !short)
    .map((each) => ({ ...each, name: each.name.replaceAll(" ", "") }));
  const long = inside(words, names) ?? inside(words, glued);
  if (long) return long;
  // "Hoa 12": a short name only with the grade behind it.
  const graded = names.filter(
    ({ short, name }) => short && new RegExp(`(?:^| )${name} (?:[6-9]|1[0-2])(?: |$)`).test(words),
  );
  return only(graded.map(({ code }) => code));
}
