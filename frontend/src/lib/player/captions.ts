/** "00:01:02.500", "01:02.5" as seconds; null when it is not a time. */
export function parseVttTime(text: string): number | null {
  const match = /^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)\s*$/.exec(text);
  if (!match) return null;
  return Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + Number((match[3] ?? "0").replace(",", "."));
}

/**
 * The words of a cue without its markup, one string a line. The browser parses WebVTT; we only
 * draw it, as text, so nothing in a caption file can become part of the page.
 */
export function cueLines(cue: { text: string }): string[] {
  return cue.text
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&nbsp;/g, "\u00a0")
    .replace(/&(lrm|rlm);/g, "")
    .replace(/&amp;/g, "&")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** The track to show first: the language of the page, then the lesson's, else none. */
export function preferredCaption(languages: string[], wanted: (string | null)[]): string | null {
  for (const want of wanted) {
    const found = languages.find((l) => l === want) ?? languages.find((l) => l.split("-")[0] === want);
    if (found) return found;
  }
  return null;
}
