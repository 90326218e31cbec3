import { join } from "node:path";
import type { Page } from "@playwright/test";
import * as write from "./support/lesson";
import { addPerson, addSettledPerson, anotherDevice, fillSignIn, openSchool, signIn } from "./support/school";
import { desk, phone } from "./support/screens";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

const title = "Chuyển động thẳng đều";

test("a teacher uploads a lesson through two crashes, and a pupil watches it on two devices", async ({
  page,
  lopmo,
  browser,
}) => {
  const school = await openSchool(page, lopmo);
  const teacher = await addPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  const pupil = await addSettledPerson(page, lopmo, school, "pupil", "Lê Thị Hoa");

  const desktop = await anotherDevice(browser, page);
  await test.step("the teacher signs in with the slip's password and sets her own", async () => {
    await desktop.goto(`${lopmo.address}/sign-in`);
    await expectGoodPage(desktop);
    await fillSignIn(desktop, teacher.username, teacher.password);
    await expect(desktop.getByRole("heading", { name: t("password.first_title") })).toBeVisible();
    await expectGoodPage(desktop);
    await desktop.getByLabel(t("password.current"), { exact: true }).fill(teacher.password);
    await desktop.getByLabel(t("password.new"), { exact: true }).fill("nang-som-tren-song");
    await desktop.getByRole("button", { name: t("password.save") }).click();
    await expect(desktop.getByRole("heading", { name: /Minh/ })).toBeVisible();
    await expectGoodPage(desktop);
  });

  await test.step("the server dies in the middle of the upload, and the upload goes on", async () => {
    await write.beginLesson(desktop, lopmo, title);
    await expectGoodPage(desktop);
    const path = join(lopmo.data, "bai-giang.mp4");
    write.paddedFilm(path, 24);
    const line = await desktop.context().newCDPSession(desktop);
    await line.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 6_000_000,
    });
    await write.paper(desktop).click();
    await write.insertFile(desktop, "editor.insert_video", path);
    const progress = write.paper(desktop).getByRole("progressbar");
    await expect.poll(async () => Number(await progress.getAttribute("aria-valuenow"))).toBeGreaterThan(45);
    await lopmo.killServer();
    const offsets: number[] = [];
    desktop.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
    });
    await lopmo.serve();
    await expect(write.paper(desktop).getByText(t("upload.checking"))).toBeVisible({ timeout: 60_000 });
    expect(offsets[0], "what had arrived was not sent again").toBeGreaterThanOrEqual(8 * 1024 * 1024);
    await line.detach();
  });

  await test.step("the first rung can be watched while the worker goes on, dies and is started again", async () => {
    await lopmo.work();
    await expect(desktop.getByText(/đã xem được bản \d+p/)).toBeVisible({ timeout: 60_000 });
    await lopmo.killWorker();
    const files = await desktop.request.get(`${lopmo.address}/api/assets?mine=true`);
    expect((await files.json()).items[0], "killed in the middle").toMatchObject({
      state: "processing",
      playable: true,
    });
    await lopmo.work();
  });

  await test.step("meanwhile she writes", async () => {
    await write.paper(desktop).locator("> p").last().click();
    await desktop.keyboard.type("Xe đi được những quãng đường bằng nhau.");
    await write.insertFormula(desktop, "editor.insert_formula_block", "v = \\frac{s}{t}");
    await write.insertFormula(desktop, "editor.insert_formula_block", "\\ce{2H2 + O2 -> 2H2O}");
    await write.insertFile(desktop, "editor.insert_image", write.picture);
    await desktop.getByLabel(t("editor.alt")).fill("Đồ thị vận tốc theo thời gian");
    await write.insertFile(desktop, "editor.insert_pdf", write.worksheet);
    await write.insert(desktop, "lesson.callout_note");
    await desktop.keyboard.type("Đổi đơn vị trước khi tính.");
    await write.insert(desktop, "editor.insert_table");
    await desktop.keyboard.type("Thời gian");
    await desktop.keyboard.press("Tab");
    await desktop.keyboard.type("Quãng đường");
    await write.expectSaved(desktop);
    await expectGoodPage(desktop);
    await write.fillAbout(desktop);
    await expectGoodPage(desktop);
    await desktop.keyboard.press("Escape");
    await write.expectSaved(desktop);
  });

  await test.step("the second worker made the film whole; captions and chapters", async () => {
    await expect(desktop.getByText(t("upload.checking"))).toHaveCount(0);
    await expect(desktop.getByText(/^\s*Đang xử lí/)).toHaveCount(0, { timeout: 180_000 });
    await desktop.getByRole("button", { name: t("editor.captions") }).click();
    const sheet = desktop.getByRole("dialog", { name: t("editor.captions_title") });
    const choosing = desktop.waitForEvent("filechooser");
    await sheet.getByRole("button", { name: t("editor.captions_add") }).click();
    await (await choosing).setFiles(write.captions);
    await expect(sheet.getByRole("listitem").filter({ hasText: "Tiếng Việt" })).toBeVisible();
    await sheet.getByLabel(t("player.chapters")).fill("00:00 Mở đầu\n00:30 Bài tập");
    await sheet.getByRole("button", { name: t("editor.chapters_save") }).click();
    await expect(desktop.getByText(t("editor.chapters_saved"))).toBeVisible();
    await expectGoodPage(desktop);
    await desktop.keyboard.press("Escape");
    await write.publish(desktop);
    await expect(desktop.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expectGoodPage(desktop);
  });
  const address = desktop.url();

  const stopped = await test.step("a pupil on a phone finds it without diacritics and watches", async () => {
    const handset = await device(browser, "phone");
    await signIn(handset, lopmo, pupil);
    await expectGoodPage(handset);
    const found = () =>
      page.request.get(`${lopmo.address}/api/search?q=chuyen+dong+thang`).then((reply) => reply.json());
    await expect.poll(async () => (await found()).total).toBe(1);
    await handset.goto(`${lopmo.address}/library`);
    await handset.getByRole("searchbox").fill("chuyen dong thang");
    await handset.keyboard.press("Enter");
    await handset.getByRole("link", { name: title }).click();
    await expect(handset.getByText("Đổi đơn vị trước khi tính.")).toBeVisible();
    await expectGoodPage(handset);
    await handset.getByRole("button", { name: t("player.play_long") }).click();
    await handset.getByRole("button", { name: t("player.captions") }).click();
    await expect(handset.getByText(write.said)).toBeVisible();
    await handset.getByRole("button", { name: t("player.settings") }).click();
    await expect(handset.getByText("720p", { exact: true })).toBeVisible();
    await handset.getByText("240p", { exact: true }).click();
    await handset.getByText("2×", { exact: true }).click();
    await expectGoodPage(handset);
    await expect.poll(() => write.second(handset), { timeout: 30_000 }).toBeGreaterThan(14);
    await expect
      .poll(() => handset.locator("video").evaluate((video: HTMLVideoElement) => video.videoHeight))
      .toBe(240);
    const kept = handset.waitForResponse(
      (reply) => reply.url().includes("/watch/") && reply.request().method() === "PUT",
    );
    await handset.getByRole("button", { name: t("player.pause"), exact: true }).click();
    expect((await kept).status()).toBe(204);
    const at = await write.second(handset);
    await handset.context().close();
    return at;
  });

  await test.step("on another device she goes on where she stopped", async () => {
    const tablet = await device(browser, "desk");
    await signIn(tablet, lopmo, pupil);
    await expect(tablet.getByText(t("home.continue")).first()).toBeVisible();
    await expectGoodPage(tablet);
    await tablet
      .getByRole("link", { name: t("home.continue") })
      .first()
      .click();
    await expect(tablet).toHaveURL(address);
    await tablet.getByRole("button", { name: /^Xem tiếp từ/ }).click();
    await expect.poll(() => write.second(tablet)).toBeGreaterThanOrEqual(stopped - 1);
    expect(await write.second(tablet)).toBeLessThan(stopped + 10);
    await tablet.context().close();
  });

  await test.step("the teacher sees what was really watched", async () => {
    await desktop.getByRole("link", { name: t("lesson.watchers") }).click();
    await expect(desktop.getByText("Lê Thị Hoa")).toBeVisible();
    const part = desktop.getByRole("progressbar", { name: "Lê Thị Hoa" });
    const watched = Number(await part.getAttribute("aria-valuenow"));
    expect(watched).toBeGreaterThan(10);
    expect(watched).toBeLessThan(60);
    await expectGoodPage(desktop);
  });
});

test("earlier versions can be read, compared and brought back; a lesson can be taken out", async ({
  page,
  lopmo,
}) => {
  const school = await openSchool(page, lopmo);
  const teacher = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  await page.context().clearCookies();
  await signIn(page, lopmo, teacher);
  await write.beginLesson(page, lopmo, "Đo chiều dài");
  await write.paper(page).click();
  await page.keyboard.type("Thước kẻ có độ chia nhỏ nhất.");
  await write.publish(page);
  const lesson = page.url();
  const studio = lesson.replace("/lessons/", "/studio/");

  await page.getByRole("link", { name: t("lesson.edit") }).click();
  await write.paper(page).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Thước cuộn đo được vật dài.");
  await write.publish(page, "Thêm thước cuộn");
  await expect(page.getByText("Thước cuộn đo được vật dài.")).toBeVisible();

  await page.goto(`${studio}?versions`);
  const drawer = page.getByRole("dialog", { name: t("lesson.versions") });
  await expect(drawer.getByText("Thêm thước cuộn")).toBeVisible();
  await expectGoodPage(page);
  await drawer.getByRole("button", { name: /^So với bản 1/ }).click();
  await expect(drawer.getByText(/Thước kẻ có độ chia nhỏ nhất\./)).toBeVisible();
  await expect(drawer.getByText(/Thước cuộn đo được vật dài\./)).toBeVisible();
  await expectGoodPage(page);
  await drawer.getByRole("button", { name: t("lesson.versions") }).click();
  await drawer
    .getByRole("button", { name: t("editor.version_restore") })
    .last()
    .click();
  await expect(write.paper(page)).toContainText("Thước kẻ có độ chia nhỏ nhất.");

  await page.goto(`${lesson}/versions/1`);
  await expect(page.getByText("Thước kẻ có độ chia nhỏ nhất.")).toBeVisible();
  await expectGoodPage(page);

  await page.goto(studio);
  await page.getByRole("button", { name: t("action.actions") }).click();
  await page.getByRole("menuitem", { name: t("editor.withdraw") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("editor.withdraw") })
    .click();
  await expect(page.getByText(t("lesson_state.withdrawn"), { exact: true })).toBeVisible();
  await page.goto(`${lopmo.address}/library`);
  await expect(page.getByText(t("library.empty"))).toBeVisible();
});

/** A device of that size, whatever the size of the test's own page. */
async function device(browser: Parameters<typeof anotherDevice>[0], size: "phone" | "desk"): Promise<Page> {
  const context = await browser.newContext({
    ...(size === "phone" ? phone : desk),
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
  });
  return context.newPage();
}
