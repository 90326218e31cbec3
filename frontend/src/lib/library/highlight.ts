export interface Piece {
  text: string;
  marked: boolean;
}

/** Cuts a text at the ranges found by search (UTF-16 units); odd ranges are clipped, never trusted. */
export function pieces(text: string, ranges: readonly (readonly [number, number])[]): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(at, Math.min(from, text.length));
    const end = Math.min(to, text.length);
    if (end <= start) continue;
    if (start > at) cut.push({ text: text.slice(at, start), marked: false });
    cut.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) cut.push({ text: text.slice(at), marked: false });
  return cut;
}
