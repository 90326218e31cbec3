import { changeType, settled } from "./keys";
import type { Question, QuestionType } from "./types";

/** What one type of question has and another has no place for. */
type Parts = Pick<
  Question,
  "options" | "statements" | "answers" | "pairs" | "items" | "blanks" | "rubric" | "shuffle"
>;
const partsOf = ({
  options,
  statements,
  answers,
  pairs,
  items,
  blanks,
  rubric,
  shuffle,
}: Question): Parts => ({
  options,
  statements,
  answers,
  ...(pairs && { pairs }),
  ...(items && { items }),
  ...(blanks && { blanks }),
  ...(rubric && { rubric }),
  ...(shuffle !== undefined && { shuffle }),
});
const written = (question: Question) => JSON.stringify(partsOf(question));

/**
 * What a question had as the types it was before: whoever changes its type and changes it back has
 * everything again. It lasts as long as the question is on screen.
 */
export class Former {
  readonly #had = new Map<QuestionType, { parts: Parts; touched: boolean }>();
  /** As the last change of type left it; anything else was put in by hand since. */
  #left = "";

  /** The question as another type; `fill` gives a type its empty fields. */
  retype(
    question: Question,
    type: QuestionType,
    fill: (question: Question) => Question = (same) => same,
  ): Question {
    if (type === question.type) return question;
    if (written(question) !== this.#left) for (const had of this.#had.values()) had.touched = true;
    const back = this.#had.get(type);
    this.#had.set(question.type, { parts: partsOf(question), touched: false });
    const carried = changeType(question, type);
    const next = fill(back ? restored(carried, back.parts, back.touched) : carried);
    this.#left = written(next);
    return next;
  }
}

/** What was there before; where something was put right since, only what would be empty without it. */
function restored(carried: Question, parts: Parts, touched: boolean): Question {
  if (!touched) return settled({ ...carried, ...parts });
  const lacking = Object.entries(parts).filter(([name]) => {
    const now = carried[name as keyof Parts];
    return now === undefined || now === null || (Array.isArray(now) && now.length === 0);
  });
  return settled({ ...carried, ...Object.fromEntries(lacking) });
}
