import { t } from "$lib/i18n";
import type { ShownItem, Solution } from "./api";
import { letterOf, shownGroups, smallLetterOf } from "./response";

const has = <K extends string>(what: Solution, key: K): what is Extract<Solution, Record<K, unknown>> =>
  typeof what === "object" && what !== null && key in what;

/** What is right in a few words, by the letters this pupil sees. */
export function solutionText(item: ShownItem, inner: readonly number[] | undefined, solution: Solution): string {
  const { question } = item;
  const groups = shownGroups(item.shape, inner);
  const order = groups[0] ?? [];
  if (has(solution, "options"))
    return solution.options.map((neutral) => letterOf(order.indexOf(neutral))).toSorted().join(", ");
  if (has(solution, "statements"))
    return order
      .map((neutral, at) => `${smallLetterOf(at)}) ${t(solution.statements[neutral] ? "sitting.true" : "sitting.false")}`)
      .join("; ");
  if (has(solution, "answers")) return solution.answers.join(" / ");
  if (has(solution, "pairs"))
    return order
      .map((left) => {
        const to = groups[1]?.indexOf(solution.pairs[left] ?? -1) ?? -1;
        return `${question.lefts?.[left]?.text ?? ""} → ${to < 0 ? "–" : letterOf(to)}`;
      })
      .join("; ");
  if (has(solution, "order")) return solution.order.map((each, at) => `${at + 1}. ${question.items?.[each]?.text ?? ""}`).join(" ");
  if (has(solution, "blanks"))
    return solution.blanks
      .map((gap, at) => {
        const said = "answers" in gap ? gap.answers : gap.options.map((each) => question.blanks?.[at]?.[each]?.text ?? "");
        return `(${at + 1}) ${said.join(" / ")}`;
      })
      .join(" ");
  return "";
}
