// One computer in the staff room, one browser, two teachers.
import { join } from "node:path";
import type { Page } from "@playwright/test";
import * as write from "./support/lesson";
import { addSettledPerson, openSchool, signIn } from "./support/school";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

/** What the page would show of an address, taken from the browser's cache before anything else. */
const cached = (page: Page, path: string) =>
  page.evaluate(async (url) => (await fetch(url, { cache: "force-cache" })).status, path);

async function signOut(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/account`);
  await page
    .getByRole("button", { name: t("action.sign_out"), exact: true })
    .first()
    .click();
}

test("after one person has left, the next sees nothing of hers", async ({ page, lopmo }) => {
  const school = await openSchool(page, lopmo);
  const first = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  const next = await addSettledPerson(page, lopmo, school, "teacher", "Phạm Thị Đoan Trang");
  await lopmo.work();
  await page.context().clearCookies();
  await signIn(page, lopmo, first);
  await write.beginLesson(page, lopmo, "Bài riêng của thầy Minh");
  await write.insertFile(page, "editor.insert_image", write.picture);
  const picture = write.paper(page).locator("img[src*='/api/assets/']");
  await expect(picture).toBeVisible();
  await write.expectSaved(page);
  const kept = (await picture.getAttribute("src")) ?? "";
  expect(await cached(page, kept)).toBe(200);
  const lesson = page.url();

  const tab = await page.context().newPage();
  await tab.goto(`${lopmo.address}/studio`);
  await expect(tab.getByText("Bài riêng của thầy Minh")).toBeVisible();
  await signOut(page, lopmo.address);
  await expect(page).toHaveURL(`${lopmo.address}/sign-in`);
  await expectGoodPage(page);
  // The tab he forgot to close.
  await expect(tab).toHaveURL(/\/sign-in/);
  await tab.close();
  expect(await cached(page, kept)).toBe(401);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("Nguyễn Quang Minh")).toHaveCount(0);

  await signIn(page, lopmo, next);
  await page.goto(`${lopmo.address}/studio`);
  await expect(page.getByText(t("studio.empty"))).toBeVisible();
  await expect(page.getByText("Bài riêng của thầy Minh")).toHaveCount(0);
  await expect(page.getByText("do-thi-v-t.png")).toHaveCount(0);
  expect(await cached(page, kept)).toBe(404);
  await page.goto(lesson);
  await expect(page.getByRole("heading", { level: 1, name: t("error.page_title") })).toBeVisible();
  await expectGoodPage(page);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(first.id);

  // Where the browser was not told to forget, as on plain HTTP: the address is asked for anew all the same.
  await page.context().clearCookies();
  await signIn(page, lopmo, first);
  expect(await cached(page, kept)).toBe(200);
  await page.context().clearCookies();
  await signIn(page, lopmo, next);
  expect(await cached(page, kept)).toBe(404);
});

test("what was not sent yet is not lost by signing out, and not shown to another", async ({
  page,
  lopmo,
}) => {
  const school = await openSchool(page, lopmo);
  const first = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  const next = await addSettledPerson(page, lopmo, school, "teacher", "Phạm Thị Đoan Trang");
  await page.context().clearCookies();
  await signIn(page, lopmo, first);
  await write.beginLesson(page, lopmo, "Bài viết dở");
  await write.expectSaved(page);
  const lesson = page.url();
  const film = join(lopmo.data, "quay-do.mp4");
  write.paddedFilm(film, 24);
  const line = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 3_000_000 };
  await line.send("Network.emulateNetworkConditions", slow);
  await write.insertFile(page, "editor.insert_video", film);
  await expect(write.paper(page).getByRole("progressbar")).toBeVisible();
  await page.route("**/api/lessons/*/draft", (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  await write.paper(page).locator("> p").last().click();
  await page.keyboard.type("Câu chưa kịp gửi.");
  await expect(page.getByText(t("editor.kept"))).toBeVisible();

  // From inside the app, so that the upload is still under way.
  await page
    .getByRole("navigation", { name: t("nav.main") })
    .getByRole("link")
    .first()
    .click();
  await page
    .getByRole("link", { name: /Minh|Tôi/ })
    .last()
    .click();
  await page
    .getByRole("button", { name: t("action.sign_out"), exact: true })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: t("leaving.title") });
  await expect(dialog.getByRole("link", { name: "Bài viết dở" })).toBeVisible();
  await expect(dialog.getByText("quay-do.mp4")).toBeVisible();
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("leaving.keep") }).click();
  await expect(page).toHaveURL(`${lopmo.address}/sign-in`);

  await signIn(page, lopmo, next);
  await page.goto(`${lopmo.address}/studio`);
  await expect(page.getByText(t("studio.empty"))).toBeVisible();
  await expect(page.getByText("quay-do.mp4")).toHaveCount(0);
  await expect(page.getByRole("region", { name: t("upload.title") })).toHaveCount(0);
  await signOut(page, lopmo.address);
  await expect(page).toHaveURL(`${lopmo.address}/sign-in`);

  await page.unroute("**/api/lessons/*/draft");
  await line.detach();
  await signIn(page, lopmo, first);
  await page.goto(lesson);
  await expect(write.paper(page)).toContainText("Câu chưa kịp gửi.");
  const choosing = page.waitForEvent("filechooser");
  await write
    .paper(page)
    .getByRole("button", { name: t("upload.choose_again") })
    .click();
  await (await choosing).setFiles(film);
  await expect(write.paper(page).getByText(t("upload.checking"))).toBeVisible({ timeout: 60_000 });
  await write.expectSaved(page);
  await signOut(page, lopmo.address);
  await expect(page).toHaveURL(`${lopmo.address}/sign-in`);
});
