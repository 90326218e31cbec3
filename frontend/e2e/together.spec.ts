import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import * as files from "./support/files";
import * as write from "./support/lesson";
import { addSettledPerson, anotherDevice, openSchool, signIn } from "./support/school";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

/** What is said about the lesson: behind a button at both sizes, beside the text only on a wide screen. */
async function openAbout(page: Page): Promise<void> {
  await page.getByRole("button", { name: t("editor.about_open") }).click();
}

test("a colleague who is added writes the lesson too, until she is taken off", async ({
  page,
  lopmo,
  browser,
}) => {
  const school = await openSchool(page, lopmo);
  const author = await addSettledPerson(page, lopmo, school, "teacher", "Trần Thị Bình");
  const colleague = await addSettledPerson(page, lopmo, school, "teacher", "Hoàng Thị Cẩm");
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, author);
  const lesson = await files.publishLesson(hers, lopmo, school, "Bài soạn chung", [
    { type: "paragraph", content: [{ type: "text", text: "Phần một" }] },
  ]);
  const theirs = await anotherDevice(browser, page);
  await signIn(theirs, lopmo, colleague);
  await theirs.goto(`${lopmo.address}/studio`);
  await expect(theirs.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(theirs.getByText("Bài soạn chung")).toHaveCount(0);

  await hers.goto(`${lopmo.address}/studio/${lesson}`);
  await openAbout(hers);
  await hers.getByRole("button", { name: t("editor.coauthor_add") }).click();
  await hers.getByLabel(t("editor.coauthor_find"), { exact: true }).first().fill("cam");
  await hers.getByRole("button", { name: "Hoàng Thị Cẩm", exact: true }).click();
  await expect(hers.getByText(`Hoàng Thị Cẩm đã soạn được bài này`)).toBeVisible();
  await expect(hers.getByLabel(t("editor.authors"), { exact: true })).toHaveValue(/Hoàng Thị Cẩm/);
  await expectGoodPage(hers);

  await theirs.reload();
  await theirs.getByRole("link", { name: "Bài soạn chung" }).first().click();
  await expect(theirs.getByText("Phần một")).toBeVisible();
  await openAbout(theirs);
  await expect(theirs.getByRole("button", { name: t("editor.coauthor_leave") })).toBeVisible();
  await expect(theirs.getByRole("button", { name: t("editor.coauthor_add") })).toHaveCount(0);
  await theirs.getByRole("button", { name: t("editor.coauthor_leave") }).click();
  await expect(theirs).toHaveURL(/\/studio$/);
  await expect(theirs.getByText("Bài soạn chung")).toHaveCount(0);
});

test("a film without its end plays, and its teacher is told how much of it there is", async ({
  page,
  lopmo,
}) => {
  const school = await openSchool(page, lopmo);
  await lopmo.work();
  const whole = readFileSync(write.demoFilm);
  const cut = join(tmpdir(), `nua-phim-${process.pid}.mp4`);
  writeFileSync(cut, whole.subarray(0, Math.floor(whole.length * 0.6)));
  const film = await files.sendFile(page, lopmo, school, cut);
  await files.expectReady(page, lopmo, film);
  const lesson = await files.publishLesson(page, lopmo, school, "Phim thiếu", [
    { type: "video", attrs: { asset: film, caption: "Xe chạy" } },
  ]);
  await page.goto(`${lopmo.address}/studio/${lesson}`);
  await expect(page.getByText(/Tệp có vẻ bị cắt: chỉ có 0:\d\d đầu trên tổng 0:5\d/)).toBeVisible();
  await expectGoodPage(page);
});
