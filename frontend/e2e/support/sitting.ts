import { test as base, type Page } from "@playwright/test";
import { Lopmo } from "./server";
import { expect, test as plain } from "./test";
import { t } from "./words";

/** The demo school: classes with pupils, and teachers of them. */
export const test = plain.extend({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the braces
  lopmo: async ({}, use, info) => {
    const lopmo = await Lopmo.start("--demo");
    await use(lopmo);
    if (info.status !== info.expectedStatus) await info.attach("server", { body: lopmo.said });
    await lopmo.stop();
  },
});
export { base, expect };

export const teacher = { username: "thay.khai", password: "lopmo-demo" };
export const pupils = ["anh.tran", "bao.tran"].map((username) => ({ username, password: "lopmo-demo" }));
const CLASS = "Toán 10A1";

const rich = (html: string) => ({ html, text: html.replaceAll(/<[^>]*>/g, "") });

export interface Asked {
  stem: string;
  /** The first is right; shuffled when it is sat. */
  options: string[];
  explanation?: string;
}

export const choice = ({ stem, options, explanation }: Asked) => ({
  type: "single_choice",
  stem: rich(`<p>${stem}</p>`),
  options: options.map((text, at) => ({ label: "ABCDEFGH"[at], content: rich(`<p>${text}</p>`), correct: at === 0 })),
  ...(explanation ? { explanation: rich(`<p>${explanation}</p>`) } : {}),
});

/** Asks the server as whoever is signed in on the page. */
export async function ask<T>(page: Page, lopmo: Lopmo, method: "get" | "post" | "put", path: string, data?: unknown): Promise<T> {
  const reply = await page.request[method](`${lopmo.address}/api${path}`, data === undefined ? {} : { data });
  expect(reply.ok(), await reply.text()).toBe(true);
  return (await reply.json()) as T;
}

export interface Given {
  id: string;
  link: string | null;
}

/** A test of these questions, made and given to the demo class over the API; the page is its teacher. */
export async function give(
  page: Page,
  lopmo: Lopmo,
  title: string,
  questions: object[],
  settings: object = {},
  link?: { name: string }[],
  rules: object = {},
): Promise<Given> {
  const { items: folders } = await ask<{ items: { id: string }[] }>(page, lopmo, "get", "/question-folders");
  const { items: schools } = await ask<{ items: { id: string; can_author: boolean }[] }>(page, lopmo, "get", "/organisations");
  const { items: classes } = await ask<{ items: { id: string; name: string }[] }>(page, lopmo, "get", "/classes");
  const items: { question_id: string }[] = [];
  for (const question of questions) {
    const made = await ask<{ id: string }>(page, lopmo, "post", "/questions", { folder_id: folders[0]?.id, ...wrapped(question) });
    items.push({ question_id: made.id });
  }
  const made = await ask<{ id: string; revision: number }>(page, lopmo, "post", "/tests", {
    organisation_id: schools.find((school) => school.can_author)?.id,
    title,
    plan: { parts: [{ items, rules }] },
    settings,
  });
  const given = await ask<{ given: { link: string | null } }>(page, lopmo, "post", `/tests/${made.id}/give`, {
    revision: made.revision,
    targets: [{ class_id: classes.find((one) => one.name === CLASS)?.id }],
    ...(link ? { link: { for: link } } : {}),
  });
  return { id: made.id, link: given.given.link };
}
const wrapped = (question: object) => ("question" in question ? question : { question });

export const heading = (page: Page, n: number) => page.getByRole("heading", { name: `Câu ${n}`, exact: true });
export const next = (page: Page) =>
  page.getByRole("button", { name: t("sitting.after"), exact: true }).locator("visible=true");
export const saved = (page: Page) => page.getByRole("status").filter({ hasText: t("sitting.saved") });

export async function begin(page: Page, lopmo: Lopmo, id: string): Promise<void> {
  await page.goto(`${lopmo.address}/sit/${id}`);
  await page.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(heading(page, 1)).toBeVisible();
}

export async function handIn(page: Page): Promise<void> {
  await page.getByRole("button", { name: t("sitting.hand_in"), exact: true }).locator("visible=true").click();
  const asking = page.getByRole("dialog", { name: t("sitting.hand_in_title") });
  await asking.getByRole("button", { name: t("sitting.hand_in_now") }).click();
  await expect(page.getByRole("heading", { name: t("sitting.handed_in") })).toBeVisible({ timeout: 60_000 });
}
