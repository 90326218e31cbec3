import type { Route } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import { ask, begin, choice, expect, give, handIn, heading, next, pupils, saved, teacher, test } from "./support/sitting";
import { t } from "./support/words";

const QUESTIONS = 10;
const asked = Array.from({ length: QUESTIONS }, (_, at) =>
  choice({ stem: `Câu hỏi số ${at + 1} của một đường truyền xấu`, options: ["một", "hai", "ba", "bốn"].map((word) => `${word} ${at}`) }),
);

interface Review {
  paper: { items: { question: { options: { html: string }[] } }[] };
  form: { order: number[] };
  items: { response: { c: number } | null }[];
}
const plain = (html: string) => html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ").trim();

/**
 * A line that loses three requests of ten (half of them before the server, half after it, so that the page is
 * not told), sends others twice, and lets older ones come after younger ones. The same in every run.
 */
class BadLine {
  lost = 0;
  twice = 0;
  late = 0;
  #held: (() => Promise<void>)[] = [];
  #state = 20261122;

  #random(): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return this.#state / 2147483647;
  }
  async carry(route: Route): Promise<void> {
    const draw = this.#random();
    const request = route.request();
    const body = request.postData() ?? "";
    const again = () =>
      route.request().frame().page().request.post(request.url(), { headers: request.headers(), data: body }).then(() => undefined);
    if (draw < 0.15) {
      this.lost += 1;
      return route.abort();
    }
    if (draw < 0.3) {
      this.lost += 1;
      await again();
      return route.abort();
    }
    if (draw < 0.55) {
      // An older copy comes again only after others have been answered.
      this.late += 1;
      this.#held.push(again);
    } else if (draw < 0.8) {
      this.twice += 1;
      await again();
    }
    await route.continue();
    if (draw > 0.7) await this.release();
  }
  /** What the line still held arrives. */
  async release(): Promise<void> {
    for (const arrive of this.#held.splice(0)) await arrive();
  }
}

test("over a line that loses, repeats and reorders, a test ends with exactly the answers that the page shows", async ({
  page,
  lopmo,
  browser,
}) => {
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Đường truyền xấu", asked, { shuffle: { questions: false, options: true } });
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  await begin(hers, lopmo, given.id);
  const line = new BadLine();
  await hers.route("**/api/sitting/answers", (route) => line.carry(route));
  const back = hers.getByRole("button", { name: t("sitting.before"), exact: true }).locator("visible=true");
  const shown: string[] = [];
  // Twice through the paper: each answer is given, and half of them changed.
  for (const round of [0, 1]) {
    for (let at = 0; at < QUESTIONS; at++) {
      await expect(heading(hers, at + 1)).toBeVisible();
      const options = hers.getByRole("radio");
      if (round === 0 || at % 2 === 0) {
        await options.nth((at + round) % 4).check();
        // Some alone, some gathered with the next.
        if (at % 4 !== 0) await expect(saved(hers)).toBeVisible({ timeout: 60_000 });
      }
      if (at + 1 < QUESTIONS) await next(hers).click();
    }
    await expect(saved(hers)).toBeVisible({ timeout: 120_000 });
    if (round === 0) {
      for (let at = QUESTIONS - 1; at > 0; at--) await back.click();
    }
  }
  for (let at = QUESTIONS - 1; at > 0; at--) await back.click();
  for (let at = 0; at < QUESTIONS; at++) {
    await expect(heading(hers, at + 1)).toBeVisible();
    const chosen = hers.locator("label", { has: hers.getByRole("radio", { checked: true }) });
    // Without its letter.
    shown[at] = plain((await chosen.innerHTML()).replace(/<span[^>]*>[A-D]<\/span>/, ""));
    if (at + 1 < QUESTIONS) await next(hers).click();
  }
  await line.release();
  await handIn(hers);
  expect(Math.min(line.lost, line.twice, line.late), "the line was bad").toBeGreaterThan(0);

  // What the server has, as its teacher gets it.
  const board = await ask<{ rows: { attempt: { id: string } | null }[] }>(page, lopmo, "get", `/tests/${given.id}/board`);
  const attempt = board.rows.find((row) => row.attempt)?.attempt?.id;
  const { review } = await ask<{ review: Review }>(page, lopmo, "get", `/attempts/${attempt}`);
  const kept = review.form.order.map((item) => {
    const chosen = review.items[item]?.response?.c;
    return chosen === undefined ? "" : plain(review.paper.items[item]?.question.options[chosen]?.html ?? "");
  });
  expect(kept).toEqual(shown);
});
