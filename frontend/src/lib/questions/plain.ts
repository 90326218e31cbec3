/** A piece of a question's plain text, which names formulas, pictures, sounds and gaps. */
export type PlainPiece =
  | { kind: "text"; text: string; from: number }
  | { kind: "math"; latex: string }
  | { kind: "picture" }
  | { kind: "sound" }
  | { kind: "blank" };

/** A question's words in a list: what it asks, and what follows (options, answers) as one line. */
export function askedAndRest(text: string): { asked: string; rest: string } {
  const [asked = "", ...rest] = text.split("\n");
  return { asked, rest: rest.filter((line) => line.trim() !== "").join(" · ") };
}

const SIGNS = /\$([^$\n]+)\$|\[(image|audio|blank):[\w-]{1,64}\]/g;

/** Words of Vietnamese outside of braces, set off by a space: what stands between two prices is no formula. */
const isSentence = (latex: string): boolean => {
  let outside = latex;
  for (let before = ""; before !== outside;)
    [before, outside] = [outside, outside.replace(/\{[^{}]*\}/g, "")];
  return latex !== latex.trim() && /[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]/.test(outside);
};

export function plainPieces(text: string): PlainPiece[] {
  const found: PlainPiece[] = [];
  let at = 0;
  SIGNS.lastIndex = 0;
  for (let sign = SIGNS.exec(text); sign; sign = SIGNS.exec(text)) {
    if (sign[1] !== undefined && isSentence(sign[1])) {
      // The second dollar may open a formula.
      SIGNS.lastIndex = sign.index + 1;
      continue;
    }
    if (sign.index > at) found.push({ kind: "text", text: text.slice(at, sign.index), from: at });
    if (sign[1] !== undefined) found.push({ kind: "math", latex: sign[1] });
    else found.push({ kind: sign[2] === "image" ? "picture" : sign[2] === "audio" ? "sound" : "blank" });
    at = sign.index + sign[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at), from: at });
  return found;
}
