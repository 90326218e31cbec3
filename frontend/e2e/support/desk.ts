// The import desk, as a teacher uses it.
import type { Locator, Page } from "@playwright/test";
import type { Lopmo } from "./server";
import { expect, expectGoodPage } from "./test";
import { t } from "./words";

export async function importFile(page: Page, lopmo: Lopmo, path: string): Promise<void> {
  await page.goto(`${lopmo.address}/questions/import`);
  await page.locator("input[type=file]").setInputFiles(path);
  await expect(page).toHaveURL(/\/questions\/import\/[0-9a-f-]+$/);
  await expect(page.getByRole("tab", { name: new RegExp(`^${t("questions.tab_questions")}`) })).toBeVisible({
    timeout: 60_000,
  });
}
type Counted = "questions.tab_questions" | "questions.tab_problems";
/** The tab that tells how many there are. */
export const tab = (page: Page, word: Counted, n: number): Locator =>
  page.getByRole("tab", { name: new RegExp(`^${t(word)}\\s*\\(${n}\\)$`) });
export const card = (page: Page, place: string): Locator => page.getByRole("article", { name: place, exact: true });

export async function saveAll(page: Page, tags: string): Promise<void> {
  await page.getByRole("button", { name: t("questions.save"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t("questions.save_title") });
  await dialog.getByLabel(t("library.subject")).selectOption({ label: "Toán" });
  await dialog.getByLabel(t("library.grade"), { exact: true }).selectOption({ label: "Lớp 10" });
  await dialog.getByLabel(t("questions.tags")).fill(tags);
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: /^Lưu \d+ câu$/ }).click();
  await expect(page.getByRole("heading", { name: /^Đã lưu \d+ câu vào ngân hàng$/ })).toBeVisible();
}
