import type { ApiProblem } from "$lib/api/problem";
import { has, locale, t } from "$lib/i18n";
import type { Address, Entry, Question, QuestionType } from "./types";
import { shownText } from "./rich";
import { TYPES } from "./types";

const ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

export const partText = (part: number) => t("questions.part", { n: ROMAN[part] ?? String(part) });

/** "Phần II · Câu 3", or its place on the desk where the file gave no number. */
export function placeText(address: Address, index: number): string {
  const number = address.number
    ? t("questions.number", { n: String(address.number) })
    : t("questions.nth", { n: String(index + 1) });
  if (address.part === null) return number;
  return `${partText(address.part)} · ${number}`;
}

/** What to do about a key that is not said. */
export function missingHint({ type, options, statements, pairs, items, blanks }: Question): string {
  if (type === "matching" && !pairs?.length) return t("questions.no_pairs_hint");
  if (type === "ordering" && !items?.length) return t("questions.no_order_hint");
  if (type === "cloze" && !blanks?.length) return t("questions.no_gaps_hint");
  const bare =
    type === "true_false"
      ? statements.length === 0
      : ["single_choice", "multiple_choice"].includes(type) && options.length === 0;
  return bare ? t("questions.no_options_hint") : t("questions.key_missing_hint");
}

/** A doubt in the reader's words; in another language by its code, else as it was said in Vietnamese. */
export function entryText(entry: Pick<Entry, "code" | "message" | "values">): {
  text: string;
  lang: "vi" | undefined;
} {
  const key: string = `paper.${entry.code}`;
  if (locale.current !== "vi" && has(key)) return { text: t(key, entry.values ?? {}), lang: undefined };
  return { text: entry.message, lang: locale.current === "vi" ? undefined : "vi" };
}

/** "Câu 31: " and "Phần 2, câu 3: " at the beginning of a doubt. */
const PLACED = /^(?:phần \d+, )?câu \d+: */iu;

/** A doubt below the name of its question, which it need not say again. */
export function doubtText(entry: Pick<Entry, "code" | "message" | "values">): ReturnType<typeof entryText> {
  const { text, lang } = entryText(entry);
  const rest = text.replace(PLACED, "");
  return { text: rest.charAt(0).toLocaleUpperCase(lang ?? locale.current) + rest.slice(1), lang };
}

/** Why a file could not be read. */
export const failureText = (failure: { code: string; message: string } | null) =>
  entryText(failure ?? { code: "", message: t("error.internal") });

/** Whether reading the same file once more could end otherwise: a file that is damaged or of a wrong kind stays so. */
export const mayRetry = (failure: { code: string } | null): boolean =>
  failure === null || ["internal", "quota", "file-too-slow"].includes(failure.code);

export const typeOptions = () => TYPES.map((value) => ({ value, label: t(`questions.type_${value}`) }));
export const typeText = (type: QuestionType) => t(`questions.type_${type}`);

/** The beginning of what a question asks, for lists. */
export function firstWords(question: Question, length = 80): string {
  const text =
    shownText(question.stem) || (question.options[0] ? shownText(question.options[0].content) : "");
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  // Cut between words where there is one: half a word says nothing.
  const cut = line.slice(0, length);
  const end = cut.lastIndexOf(" ");
  return `${end > length / 2 ? cut.slice(0, end) : cut.slice(0, -1)}…`;
}

/** Which questions of a paper the server would not take, and why: its pointers name them by place. */
export function refusedQuestions(
  problem: ApiProblem | null,
  questions: readonly Question[],
): { place: string; why: string }[] {
  return (problem?.fields ?? []).flatMap(({ pointer, code, value }) => {
    const at = Number(/^\/questions\/(\d+)\//.exec(pointer)?.[1] ?? NaN);
    const question = questions[at];
    if (!question) return [];
    const key = `field_problem.${code}`;
    return [
      {
        place: placeText(question.address, at),
        why: has(key) ? t(key, { value: value ?? "" }) : t("field_problem.invalid"),
      },
    ];
  });
}
