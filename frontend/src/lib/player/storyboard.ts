import { parseVttTime } from "./captions";

/** One thumbnail of the seek bar: a rectangle cut out of a sheet. */
export interface Tile {
  start: number;
  end: number;
  src: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Reads a storyboard in WebVTT whose payload is `sheet.jpg#xywh=x,y,w,h`; lines it can't read are left out. */
export function parseStoryboard(text: string, base: string): Tile[] {
  const tiles: Tile[] = [];
  for (const block of text.replace(/\r\n?/g, "\n").split(/\n{2,}/)) {
    const lines = block.split("\n");
    const at = lines.findIndex((l) => l.includes("-->"));
    if (at < 0) continue;
    const [from, to] = (lines[at] ?? "").split("-->");
    const start = parseVttTime(from ?? "");
    const end = parseVttTime((to ?? "").trim().split(/\s/)[0] ?? "");
    const match = /^(.*)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec((lines[at + 1] ?? "").trim());
    if (start === null || end === null || !match) continue;
    tiles.push({
      start,
      end,
      src: new URL(match[1] ?? "", base).href,
      x: Number(match[2]),
      y: Number(match[3]),
      width: Number(match[4]),
      height: Number(match[5]),
    });
  }
  return tiles;
}

/** The tile shown at a time: the last that began. */
export function tileAt(tiles: Tile[], seconds: number): Tile | null {
  let low = 0;
  let high = tiles.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((tiles[mid]?.start ?? 0) <= seconds) low = mid + 1;
    else high = mid;
  }
  return tiles[low - 1] ?? tiles[0] ?? null;
}
