import type { KatexOptions } from "katex";

type Katex = typeof import("katex").default;
let loading: Promise<Katex> | null = null;

/** KaTeX with chemistry and its styles, fetched when the first formula is met. */
export function loadKatex(): Promise<Katex> {
  loading ??= Promise.all([
    import("katex"),
    import("katex/contrib/mhchem"),
    import("katex/dist/katex.min.css"),
  ]).then(
    ([katex]) => katex.default,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
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
  const katex = await loadKatex();
  try {
    katex.renderToString(latex, { ...formulaOptions("inline"), throwOnError: true });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^KaTeX parse error:\s*/, "") : String(error);
  }
}
