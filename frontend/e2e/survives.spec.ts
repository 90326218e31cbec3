// What is in the middle of something when it breaks: an upload, a text, a job.
import { DatabaseSync } from "node:sqlite";
import { readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import * as files from "./support/files";
import * as write from "./support/lesson";
import { addSettledPerson, anotherDevice, openSchool, signIn } from "./support/school";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

test("a page reloaded in the middle of an upload goes on with it, and sends nothing twice", async ({
  page,
  lopmo,
}) => {
  await openSchool(page, lopmo);
  await write.beginLesson(page, lopmo, "Quay phim thí nghiệm");
  const path = join(lopmo.data, "thi-nghiem.mp4");
  write.paddedFilm(path, 24);
  const line = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 6_000_000 };
  await line.send("Network.emulateNetworkConditions", slow);
  await write.insertFile(page, "editor.insert_video", path);
  const progress = write.paper(page).getByRole("progressbar");
  await expect.poll(async () => Number(await progress.getAttribute("aria-valuenow"))).toBeGreaterThan(45);

  // The browser asks first, as the tray wants it.
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  const offsets: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  await expect(write.paper(page).getByText(/^Đã tải (3[0-9]|[4-9][0-9])%\. Chọn lại tệp này/)).toBeVisible();
  await expectGoodPage(page);

  const other = join(lopmo.data, "khac.mp4");
  write.paddedFilm(other, 1);
  const choose = async (file: string) => {
    const choosing = page.waitForEvent("filechooser");
    await write
      .paper(page)
      .getByRole("button", { name: t("upload.choose_again") })
      .click();
    await (await choosing).setFiles(file);
  };
  await choose(other);
  await expect(write.paper(page).getByText("Đó là tệp khác. Hãy chọn đúng “thi-nghiem.mp4”.")).toBeVisible();
  await choose(path);
  await expect(write.paper(page).getByText(t("upload.checking"))).toBeVisible({ timeout: 60_000 });
  expect(offsets[0], "what had arrived was not sent again").toBeGreaterThanOrEqual(8 * 1024 * 1024);
  await expectGoodPage(page);
  await write.expectSaved(page);
});

test("two authors of one lesson: neither text is lost", async ({ page, lopmo, browser }) => {
  const school = await openSchool(page, lopmo);
  const author = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  const theirs = await anotherDevice(browser, page);
  await signIn(theirs, lopmo, author);
  await write.beginLesson(theirs, lopmo, "Nhiệt kế");
  await write.expectSaved(theirs);
  // The head of the school has the same lesson open.
  await page.goto(theirs.url());
  await write.paper(page).click();
  await page.keyboard.type("Câu của cô Tuyết.");
  await write.expectSaved(page);

  await write.paper(theirs).click();
  await theirs.keyboard.type("Câu của thầy Minh.");
  const dialog = theirs.getByRole("dialog", { name: t("editor.split_title") });
  await expect(dialog).toBeVisible();
  await dialog.getByText(/^Xem bản kia/).click();
  await expect(dialog.getByText("Câu của cô Tuyết.")).toBeVisible();
  await expectGoodPage(theirs);

  // A reload in the middle of the question asks it again, with both texts.
  await theirs.reload();
  await dialog.getByText(/^Xem bản kia/).click();
  await expect(dialog.getByText("Câu của cô Tuyết.")).toBeVisible();
  await expect(write.paper(theirs)).toContainText("Câu của thầy Minh.");

  await dialog.getByRole("button", { name: t("editor.split_mine") }).click();
  await expect(write.paper(theirs)).not.toContainText("Câu của cô Tuyết.");
  await theirs
    .getByRole("status")
    .getByRole("button", { name: t("action.undo") })
    .click();
  await expect(write.paper(theirs)).toContainText("Câu của cô Tuyết.");
  await write.expectSaved(theirs);

  await write.paper(page).click();
  await page.keyboard.type("Viết tiếp. ");
  const hers = page.getByRole("dialog", { name: t("editor.split_title") });
  await hers.getByRole("button", { name: t("editor.split_both") }).click();
  await expect(write.paper(page)).toContainText("Viết tiếp.");
  await expect(write.paper(page).getByRole("heading", { name: /^Bản kia, lưu lúc/ })).toBeVisible();
  await write.expectSaved(page);
  await expectGoodPage(page);
  await theirs.reload();
  await expect(write.paper(theirs)).toContainText("Viết tiếp.");
});

test("work that failed for good is seen by the administrator, and done when she tries again", async ({
  page,
  lopmo,
}) => {
  const school = await openSchool(page, lopmo);
  const asset = await files.sendFile(page, lopmo, school, write.picture);
  // The disk has lost what was uploaded, and eleven tries have gone by.
  const lost = largestFile(join(lopmo.data, "blobs"));
  renameSync(lost, `${lost}.away`);
  const database = new DatabaseSync(join(lopmo.data, "lopmo.db"));
  database.exec("PRAGMA busy_timeout = 10000");
  database.exec("UPDATE job SET attempts = max_attempts - 1 WHERE kind = 'finish_upload'");
  database.close();
  await lopmo.work();
  const dead = async () =>
    ((await (await page.request.get(`${lopmo.address}/api/jobs?state=dead`)).json()) as { items: object[] })
      .items;
  await expect.poll(dead).toHaveLength(1);

  await page.goto(lopmo.address);
  await expect(page.getByRole("heading", { name: t("home.jobs_title") })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name: t("home.jobs_open") }).click();
  const row = page.getByRole("row").filter({ hasText: t("job_kind.finish_upload") });
  await expect(row.getByText(t("jobs.stopped"))).toBeVisible();
  await expectGoodPage(page);

  renameSync(`${lost}.away`, lost);
  await row.getByRole("button", { name: t("action.retry") }).click();
  await expect(page.getByText(t("jobs.retried"))).toBeVisible();
  await expect(page.getByText(t("jobs.none_dead"))).toBeVisible();
  await expectGoodPage(page);
  await files.expectReady(page, lopmo, asset);
});

/** The bytes themselves, among the store's small files. */
function largestFile(folder: string): string {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const [largest] = all.sort((a, b) => statSync(b).size - statSync(a).size);
  if (largest === undefined) throw new Error(`nothing in ${folder}`);
  return largest;
}
