import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { film } from "./film";
import type { Lopmo } from "./server";
import { expect } from "./test";
import { t } from "./words";

const demo = join(import.meta.dirname, "../../../content/demo/media");
/** A drawing and a worksheet of the demo school: our own. */
export const picture = join(demo, "do-thi-v-t.png");
export const worksheet = join(demo, "phieu-chuyen-dong.pdf");
/** Its film: 59 seconds. */
export const demoFilm = join(demo, "chuyen-dong.mp4");

/** What is said in the film at its start, as a caption file of a teacher. */
export const captions = {
  name: "loi-giang.vi.srt",
  mimeType: "application/x-subrip",
  buffer: Buffer.from(
    "1\n00:00:00,000 --> 00:00:30,000\nVận tốc bằng quãng đường chia cho thời gian.\n\n2\n00:00:30,000 --> 00:01:00,000\nCác em hãy tự làm bài tập.\n",
  ),
};
export const said = "Vận tốc bằng quãng đường chia cho thời gian.";

/**
 * The film with a box of padding behind it, as some cameras write: it takes long enough to send for
 * the server to die on the way, and no longer to process.
 */
export function paddedFilm(path: string, megabytes: number): void {
  const padding = Buffer.alloc(megabytes * 1024 * 1024, 1);
  padding.writeUInt32BE(padding.length, 0);
  padding.write("free", 4, "latin1");
  const file = openSync(path, "w");
  writeSync(file, readFileSync(film));
  writeSync(file, padding);
  closeSync(file);
}

/** The surface on which a lesson is written. */
export const paper = (page: Page): Locator => page.getByRole("textbox", { name: t("editor.text") });

export async function beginLesson(page: Page, lopmo: Lopmo, title: string): Promise<void> {
  await page.goto(`${lopmo.address}/studio`);
  await page
    .getByRole("button", { name: t("studio.create") })
    .first()
    .click();
  await page.getByLabel(t("editor.title")).fill(title);
  await page.getByRole("button", { name: t("studio.create_start") }).click();
  await expect(paper(page)).toBeVisible();
}

type Insertable = Extract<Parameters<typeof t>[0], `editor.insert_${string}` | `lesson.callout_${string}`>;

/** Puts the cursor in the last paragraph and chooses from the sheet of things to insert. */
export async function insert(page: Page, what: Insertable): Promise<void> {
  await paper(page).locator("> p").last().click();
  await page
    .getByRole("group", { name: t("editor.toolbar") })
    .getByText(t("editor.insert"), { exact: true })
    .click();
  await page.getByRole("dialog").getByText(t(what), { exact: true }).click();
}

export async function insertFile(page: Page, what: Insertable, path: string): Promise<void> {
  const choosing = page.waitForEvent("filechooser");
  await insert(page, what);
  await (await choosing).setFiles(path);
}

export async function insertFormula(
  page: Page,
  what: "editor.insert_formula" | "editor.insert_formula_block",
  latex: string,
): Promise<void> {
  await insert(page, what);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("tab", { name: t("editor.formula_latex") }).click();
  await dialog.getByRole("textbox").fill(latex);
  await dialog.getByRole("button", { name: t("editor.formula_put") }).click();
  await expect(dialog).toBeHidden();
}

/** The server has every word that is on the page. */
export async function expectSaved(page: Page): Promise<void> {
  await expect(
    page.getByRole("status").filter({ hasText: new RegExp(`^\\s*${t("editor.saved")}`) }),
  ).toBeVisible();
}

export async function fillAbout(page: Page): Promise<void> {
  await page.getByRole("button", { name: t("editor.about_open") }).click();
  const about = page.getByRole("dialog", { name: t("editor.about") });
  await about.getByLabel(t("library.subject")).selectOption({ label: "Vật lí" });
  await about.getByLabel(t("library.grade"), { exact: true }).selectOption({ label: "Lớp 10" });
  await about.getByLabel(t("lesson.licence")).selectOption({ label: t("licence.CC-BY-SA-4.0") });
}

export async function publish(page: Page, note?: string): Promise<void> {
  await page
    .getByRole("button", { name: t(note === undefined ? "editor.publish" : "editor.publish_again") })
    .click();
  const dialog = page.getByRole("dialog", { name: t("editor.publish_title") });
  if (note !== undefined) await dialog.getByLabel(t("editor.publish_note")).fill(note);
  await dialog.getByRole("button", { name: t("editor.publish"), exact: true }).click();
  await expect(page).toHaveURL(/\/lessons\/[0-9a-f-]+$/);
}

/** Where the player is, in whole seconds, as it tells a blind pupil. */
export async function second(page: Page): Promise<number> {
  return Number(await page.getByRole("slider", { name: t("player.seek") }).getAttribute("aria-valuenow"));
}
