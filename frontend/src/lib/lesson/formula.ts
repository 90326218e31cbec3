import type { KatexOptions } from "katex";

type Katex = typeof import("katex").default;
let loading: Promise<Katex> | null = null;
let chemistry: Promise<unknown> | null = null;

/** KaTeX with its styles, and with chemistry where the formula has some: fetched when first needed. */
export async function loadKatex(latex: string): Promise<Katex> {
  loading ??= Promise.all([import("katex"), import("./katex-styles")]).then(
    ([katex]) => katex.default,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  if (/\\(ce|pu)\b/.test(latex)) {
    chemistry ??= import("katex/contrib/mhchem").catch((error: unknown) => {
      chemistry = null;
      throw error;
    });
    await Promise.all([loading, chemistry]);
  }
  return loading;
}

/** The letters that formulas of schools are set in; braces of systems are of the largest. */
const LETTERS = [
  "1em KaTeX_Main",
  "italic 1em KaTeX_Math",
  "1em KaTeX_Size1",
  "1em KaTeX_Size2",
  "1em KaTeX_Size3",
  "1em KaTeX_Size4",
];
/** ℝ and ∅: the smaller of the two files of their family, which asking for a letter does not tell apart. */
const isOfSchools = ({ family, unicodeRange }: FontFace) => family.includes("KaTeX_AMS") && unicodeRange !== "U+0-10FFFF";

/** Fetches all that formulas take before the first is shown. */
export async function prepareFormulas(kind: "plain" | "chemical"): Promise<void> {
  await loadKatex(kind === "chemical" ? "\\ce{}" : "");
  const faces = [...document.fonts].filter(isOfSchools).map((face) => face.load());
  await Promise.all([...faces, ...LETTERS.map((letters) => document.fonts.load(letters))]);
}

/** Inside a line or on a line of its own. */
export type FormulaPlace = "inline" | "block";

/**
 * Options for every formula: nothing a formula says may become a link, a picture or a class of the
 * page, and none may swell without end. MathML goes along for screen readers.
 */
export function formulaOptions(place: FormulaPlace): KatexOptions {
  return {
    displayMode: place === "block",
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxExpand: 500,
    maxSize: 20,
    output: "htmlAndMathml",
  };
}

/** What is wrong with a formula; null when it can be set. */
export async function formulaFault(latex: string): Promise<string | null> {
  const katex = await loadKatex(latex);
  try {
    katex.renderToString(latex, { ...formulaOptions("inline"), throwOnError: true });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^KaTeX parse error:\s*/, "") : String(error);
  }
}
