import type { Form, ShownPaper } from "./api";

type ShownPart = ShownPaper["parts"][number];

/** A question where it stands in this attempt. */
export interface Placed {
  /** The item, in neutral order. */
  item: number;
  /** From 1; a text that asks nothing has none. */
  number: number | null;
  part: ShownPart | undefined;
  /** Whether it is the first of its part. */
  first: boolean;
}

/** The items in the order shown. Parts stay in order, so that a place tells the part. */
export function placed(paper: ShownPaper, form: Form): Placed[] {
  const parts = paper.parts.flatMap((part) => Array.from({ length: part.count }, () => part));
  let number = 0;
  return form.order.map((item, place) => ({
    item,
    number: paper.items[item]?.shape.kind === "nothing" ? null : ++number,
    part: parts[place],
    first: parts[place] !== parts[place - 1],
  }));
}
