import { clockText, parseClock, toSeconds, toUs } from "../player/clock";

export interface ChapterMark {
  start_us: number;
  title: string;
}
export interface ChapterFault {
  /** From 1, as an editor counts. */
  line: number;
  code: "no-time" | "no-title" | "not-later" | "past-end";
}

/** One chapter a line, "00:00 Mở đầu"; empty lines are nothing. */
export function parseChapters(
  text: string,
  durationUs: number | null,
): { chapters: ChapterMark[]; faults: ChapterFault[] } {
  const chapters: ChapterMark[] = [];
  const faults: ChapterFault[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (!line) return;
    const fault = (code: ChapterFault["code"]) => faults.push({ line: index + 1, code });
    const match = /^(\S+)\s*[-–—:.]?\s*(.*)$/.exec(line);
    const seconds = parseClock(match?.[1] ?? "");
    const title = (match?.[2] ?? "").trim();
    if (seconds === null) return void fault("no-time");
    if (!title) return void fault("no-title");
    const start_us = toUs(seconds);
    if (start_us <= (chapters.at(-1)?.start_us ?? -1)) return void fault("not-later");
    if (durationUs !== null && start_us >= durationUs) return void fault("past-end");
    chapters.push({ start_us, title });
  });
  return { chapters, faults };
}

export function chaptersText(chapters: ChapterMark[]): string {
  return chapters.map((c) => `${clockText(toSeconds(c.start_us)).padStart(5, "0")} ${c.title}`).join("\n");
}

/** The chapter that is on at a time; null before the first. */
export function chapterAt<T extends ChapterMark>(chapters: T[], seconds: number): T | null {
  return chapters.findLast((c) => toSeconds(c.start_us) <= seconds + 0.05) ?? null;
}
