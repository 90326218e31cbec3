import { t } from "$lib/i18n";
import { settled } from "./keys";
import { joinRich, richOf } from "./rich";
import { NO_RICH, type Entry, type Question, type Rich } from "./types";

/** A picture or sound that the paper has. */
export interface Medium {
  id: string;
  sound: boolean;
  alt: string;
}
/** A text of a question that a picture can be put into. */
export type Spot =
  "passage" | "stem" | "explanation" | `${"option" | "statement" | "left" | "right" | "item"}-${number}`;

const PLACED: Record<string, (question: Question, rich: Rich, at: number) => Question> = {
  stem: (question, stem) => ({ ...question, stem }),
  explanation: (question, explanation) => ({ ...question, explanation }),
  option: (q, content, at) => ({ ...q, options: changed(q.options, at, { content }) }),
  statement: (q, content, at) => ({ ...q, statements: changed(q.statements, at, { content }) }),
  left: (q, left, at) => ({ ...q, pairs: changed(q.pairs ?? [], at, { left }) }),
  right: (q, right, at) => ({ ...q, pairs: changed(q.pairs ?? [], at, { right }) }),
  item: (q, rich, at) => ({ ...q, items: (q.items ?? []).map((item, i) => (i === at ? rich : item)) }),
};
const changed = <T>(all: readonly T[], at: number, part: Partial<T>): T[] =>
  all.map((each, i) => (i === at ? { ...each, ...part } : each));

/** Where a picture of a question can stand, in reading order. */
export function spotsOf(question: Question, passage: boolean): { value: Spot; label: string; rich: Rich }[] {
  const pairs = question.pairs ?? [];
  return [
    ...(passage ? [{ value: "passage" as const, label: t("questions.passage"), rich: NO_RICH }] : []),
    { value: "stem" as const, label: t("questions.stem"), rich: question.stem },
    ...question.options.map(({ label, content }, i) => ({
      value: `option-${i}` as const,
      label: t("questions.option_n", { label }),
      rich: content,
    })),
    ...question.statements.map(({ label, content }, i) => ({
      value: `statement-${i}` as const,
      label: t("questions.statement", { label }),
      rich: content,
    })),
    ...pairs.flatMap(({ left, right }, i) => [
      { value: `left-${i}` as const, label: t("questions.pair_left", { n: i + 1 }), rich: left },
      { value: `right-${i}` as const, label: t("questions.pair_right", { n: i + 1 }), rich: right },
    ]),
    ...(question.items ?? []).map((rich, i) => ({
      value: `item-${i}` as const,
      label: t("questions.item_n", { n: i + 1 }),
      rich,
    })),
    {
      value: "explanation" as const,
      label: t("questions.explanation"),
      rich: question.explanation ?? NO_RICH,
    },
  ];
}

/** A text with a picture or sound below it. */
export const richWith = (rich: Rich, { id, sound, alt }: Medium): Rich =>
  joinRich(
    rich,
    richOf([
      {
        kind: "paragraph",
        content: [{ kind: sound ? "sound" : "picture", id, alt: alt.trim(), width: null }],
      },
    ]),
  );

/** A question with a picture or sound at the end of one of its texts. */
export function questionWith(question: Question, spot: Spot, medium: Medium): Question {
  const found = spotsOf(question, false).find((each) => each.value === spot);
  const [what = "", at = "0"] = spot.split("-");
  const put = PLACED[what];
  return found && put ? settled(put(question, richWith(found.rich, medium), Number(at))) : question;
}

/** Doubts that a picture settles. */
export const wantsPicture = (entry: Entry): boolean =>
  ["missing-figure", "media-unknown", "stem-cut"].includes(entry.code);
