import type { Address, Entry, Question } from "./types";

/** Something on the desk that a person should look at. */
export interface Problem {
  id: string;
  kind: "entry" | "key";
  severity: Entry["severity"];
  /** Index in the paper; null for what concerns no question of it. */
  question: number | null;
  paragraph: number | null;
  code: string;
  /** As the reader said it, in Vietnamese; null for a missing key that is only seen here. */
  entry: Entry | null;
}

/** Index of the question an entry speaks of: by its number, else by the paragraph it stands in. */
export function questionAt(questions: readonly Question[], address: Address | null): number | null {
  if (!address) return null;
  const { part, number, paragraph } = address;
  if (number !== null) {
    const fits = questions.flatMap((q, i) =>
      q.address.number === number && q.address.part === part ? [i] : [],
    );
    // A number that comes twice: the one that begins there, or last before there.
    const near =
      paragraph === null
        ? fits[0]
        : (fits.findLast((i) => (questions[i]?.address.paragraph ?? 0) <= paragraph) ?? fits[0]);
    if (near !== undefined) return near;
  }
  if (paragraph === null) return null;
  let found: number | null = null;
  let best = 0;
  questions.forEach((q, i) => {
    const begins = q.address.paragraph;
    if (begins !== null && begins <= paragraph && begins > best) [found, best] = [i, begins];
  });
  return found;
}

/** Whether a doubt may be put aside by a look: a key that is missing stays missing. */
export const mayBeSeen = (entry: Entry, question: Question | undefined): boolean =>
  entry.code !== "key-missing" || question?.key !== "missing";

const isAboutKey = (code: string): boolean => code.startsWith("key-") || code === "several-keys";

/**
 * Everything to be looked at, in the order of the paper: doubts of the reader and questions without a
 * key. What the reader only mentions (info) is no problem; a doubt that a key is missing ends with the key.
 */
export function problemsOf(questions: readonly Question[], report: readonly Entry[]): Problem[] {
  const found: Problem[] = [];
  const told = new Set<number>();
  report.forEach((entry, i) => {
    if (entry.severity === "info") return;
    const question = questionAt(questions, entry.address);
    const asked = question === null ? undefined : questions[question];
    if (entry.code === "key-missing" && asked && asked.key !== "missing") return;
    if (asked?.key === "missing" && question !== null && isAboutKey(entry.code)) told.add(question);
    found.push({
      id: `entry-${i}`,
      kind: "entry",
      severity: entry.severity,
      question,
      paragraph: entry.address?.paragraph ?? asked?.address.paragraph ?? null,
      code: entry.code,
      entry,
    });
  });
  questions.forEach((question, i) => {
    if (question.key !== "missing" || told.has(i)) return;
    found.push({
      id: `key-${i}`,
      kind: "key",
      severity: "warning",
      question: i,
      paragraph: question.address.paragraph,
      code: "key-missing",
      entry: null,
    });
  });
  const place = (problem: Problem) => problem.question ?? Number.MAX_SAFE_INTEGER;
  return found
    .map((problem, i) => ({ problem, i }))
    .sort((a, b) => place(a.problem) - place(b.problem) || a.i - b.i)
    .map(({ problem }) => problem);
}

/** The report without what a person has settled by giving a question its key. */
export function withoutKeyDoubts(
  report: readonly Entry[],
  questions: readonly Question[],
  at: number,
): Entry[] {
  return report.filter((entry) => !(isAboutKey(entry.code) && questionAt(questions, entry.address) === at));
}

/** What is only worth knowing. */
export const notesOf = (report: readonly Entry[]): Entry[] =>
  report.filter((entry) => entry.severity === "info");
