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

export function plainPieces(text: string): PlainPiece[] {
  const found: PlainPiece[] = [];
  let at = 0;
  for (const sign of text.matchAll(SIGNS)) {
    if (sign.index > at) found.push({ kind: "text", text: text.slice(at, sign.index), from: at });
    if (sign[1] !== undefined) found.push({ kind: "math", latex: sign[1] });
    else found.push({ kind: sign[2] === "image" ? "picture" : sign[2] === "audio" ? "sound" : "blank" });
    at = sign.index + sign[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at), from: at });
  return found;
}
