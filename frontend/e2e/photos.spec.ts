import type { Browser, Page } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import { begin, expect, give, handIn, next, pupils, saved, teacher, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const essay = (stem: string) => ({
  type: "essay",
  stem: { html: `<p>${stem}</p>`, text: stem },
  rubric: { html: "<p>Đủ bước 0,5; đúng kết quả 0,5.</p>", text: "Đủ bước 0,5; đúng kết quả 0,5." },
  key: "none",
  tags: [],
});

/** A page of an exercise book as a telephone takes it. */
async function photoOf(browser: Browser, lines: string): Promise<Buffer> {
  const paper = await browser.newPage({ viewport: { width: 1500, height: 2100 } });
  await paper.setContent(
    `<body style="margin:0;padding:120px;background:repeating-linear-gradient(#fffef6 0 58px,#b9d3ea 58px 60px);font:44px/60px cursive;color:#123a8c;white-space:pre-line">${lines}</body>`,
  );
  const photo = await paper.screenshot({ type: "jpeg", quality: 90 });
  await paper.close();
  return photo;
}
const choose = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.locator("input[type=file][multiple]").setInputFiles(files);
const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });
const photos = (page: Page) => page.getByRole("region", { name: t("sitting.photos") }).getByRole("list").first().getByRole("listitem").filter({ has: page.getByRole("paragraph") });
const drawn = (page: Page) =>
  page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));

test("work on paper is photographed without a line, goes on at another phone, and is marked", async ({ page, lopmo, browser }) => {
  await lopmo.work();
  await signIn(page, lopmo, teacher);
  const settings = { show_marks: { when: "at_once" }, show_answers: { when: "at_once" }, shuffle: { questions: false } };
  const given = await give(page, lopmo, "Tự luận chụp ảnh", [essay("Giải phương trình x² − 5x + 6 = 0."), essay("Vẽ đồ thị.")], settings);
  const [first, second] = [await photoOf(browser, "x² − 5x + 6 = 0\nΔ = 25 − 24 = 1\nx = 2; x = 3"), await photoOf(browser, "Đồ thị đi qua (2; 0)")];

  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  await begin(hers, lopmo, given.id);
  await expect(saved(hers)).toBeVisible();
  await hers.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  await expectGoodPage(hers);

  // What is no picture is told, and nothing else is lost by it.
  await choose(hers, jpeg("bai-lam.jpg", Buffer.from("no picture")));
  await expect(hers.getByText(t("sitting.photo_unreadable"))).toBeVisible();
  await hers.context().setOffline(true);
  await choose(hers, jpeg("trang-1.jpg", first), jpeg("trang-2.jpg", second));
  await expect(photos(hers)).toHaveCount(2);
  await expect(photos(hers).first()).toContainText(t("sitting.photo_waiting"));
  await expect(hers.getByText("Chưa gửi: 1 câu")).toBeVisible();
  await hers.getByLabel(t("sitting.your_answer")).fill("Bài làm ở hai ảnh dưới đây.");
  await hers.getByLabel(t("sitting.your_answer")).blur();
  await expectGoodPage(hers);
  // The battery, and nobody to send anything to.
  await hers.reload();
  await expect(photos(hers)).toHaveCount(2);
  await expect(hers.getByLabel(t("sitting.your_answer"))).toHaveValue("Bài làm ở hai ảnh dưới đây.");
  await hers.context().setOffline(false);
  await expect(photos(hers).first()).toContainText(t("sitting.photo_sent"));
  await expect(photos(hers).last()).toContainText(t("sitting.photo_sent"));
  await expect(saved(hers)).toBeVisible();

  // The second page answers the second question too; of the first question it is put away.
  await hers.getByRole("button", { name: "Bỏ ảnh 2" }).click();
  await expect(photos(hers)).toHaveCount(1);
  await next(hers).click();
  await hers.getByRole("button", { name: "Dùng cả ảnh thứ 2 đã chụp ở câu khác" }).click();
  await expect(photos(hers)).toHaveCount(1);
  await expect(photos(hers).first()).toContainText(t("sitting.photo_sent"));
  await expect(saved(hers)).toBeVisible();

  // Her phone dies; at another one all of it is there.
  const other = await anotherDevice(browser, page);
  await signIn(other, lopmo, pupils[0]!);
  await other.goto(`${lopmo.address}/sit/${given.id}`);
  await other.getByRole("button", { name: t("sitting.go_on") }).click();
  await expect(photos(other)).toHaveCount(1);
  await other.getByRole("button", { name: "Xem ảnh 1" }).click();
  const sheet = other.getByRole("dialog", { name: "Ảnh 1" });
  await sheet.getByRole("button", { name: t("sitting.photo_turn") }).click();
  // However it is turned, all of it is in sight.
  const [frame, turned] = [await sheet.getByRole("region").boundingBox(), await sheet.getByRole("img").boundingBox()];
  expect(turned!.width).toBeLessThanOrEqual(frame!.width + 1);
  expect(turned!.height).toBeLessThanOrEqual(frame!.height + 1);
  await expectGoodPage(other);
  expect(await drawn(other)).toBe(true);
  await other.keyboard.press("Escape");
  await next(other).click();
  await expect(photos(other)).toHaveCount(1);
  await handIn(other);
  await expectGoodPage(other);

  // Her teacher reads both, drawn anew, and marks them.
  await page.goto(`${lopmo.address}/tests/${given.id}`);
  await page.getByRole("link", { name: "2 câu chờ chấm" }).click();
  const list = page.getByRole("list", { name: t("sitting.photos") });
  await expect(list).toHaveCount(2);
  await expect(list.first().getByRole("button", { name: "Xem ảnh 1" })).toBeVisible();
  await expectGoodPage(page);
  await list.first().getByRole("button", { name: "Xem ảnh 1" }).click();
  await expect(page.getByRole("dialog").getByRole("img")).toBeVisible();
  await expect.poll(() => page.getByRole("dialog").getByRole("img").evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(2000);
  await expectGoodPage(page);
  await page.keyboard.press("Escape");
  const marking = page.getByRole("form", { name: "Chấm câu 1" });
  await marking.getByLabel(t("tests.hand_points")).fill("1");
  await marking.getByRole("button", { name: t("tests.hand_save") }).click();
  await expect(page.getByText("Chấm tay: 1 điểm")).toBeVisible();

  await other.getByRole("link", { name: t("sitting.see_result") }).click();
  await expect(other.getByText("Bài làm ở hai ảnh dưới đây.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Xem ảnh 1" })).toHaveCount(2);
  await expectGoodPage(other);
});

test("without an account a photo comes with the receipt, and a photo alone may be asked for", async ({ page, lopmo, browser }) => {
  await lopmo.work();
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Chỉ chụp ảnh", [essay("Trình bày lời giải ra giấy.")], { show_answers: { when: "at_once" } }, [
    { name: "Lê Văn Đạt" },
  ], { essay: "photographed" });
  const guest = await anotherDevice(browser, page);
  await guest.goto(`${lopmo.address}/t/${given.link}`);
  await guest.getByText("Lê Văn Đạt").click();
  await guest.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(guest.getByRole("heading", { name: "Câu 1" })).toBeVisible();
  await expect(guest.getByLabel(t("sitting.your_answer"))).toHaveCount(0);
  await choose(guest, jpeg("bai.jpg", await photoOf(browser, "Lời giải của Đạt")));
  await expect(photos(guest).first()).toContainText(t("sitting.photo_sent"));
  await handIn(guest);
  // Drawn anew first; who looks at once need not look again by herself.
  await guest.getByRole("link", { name: t("sitting.see_result") }).click();
  await expect(guest.getByRole("button", { name: "Xem ảnh 1" })).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => drawn(guest)).toBe(true);
  await expectGoodPage(guest);
});

test("a server that takes no photos now holds up nobody who hands in, and gets them afterwards from whatever page is open", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Đĩa đầy", [essay("Trình bày lời giải.")]);
  const full = { status: 507, contentType: "application/problem+json", body: JSON.stringify({ code: "disk-full" }) };
  for (const [pupil, stays] of [[pupils[0]!, true], [pupils[1]!, false]] as const) {
    const hers = await anotherDevice(browser, page);
    await signIn(hers, lopmo, pupil);
    await hers.route("**/api/sitting/photos/*", (route) => route.fulfill(full));
    await begin(hers, lopmo, given.id);
    await choose(hers, jpeg("bai.jpg", await photoOf(browser, "Lời giải")));
    await expect(photos(hers).first()).toContainText(t("sitting.photo_waiting"));
    await handIn(hers);
    const left = hers.getByRole("status").filter({ hasText: "Còn 1 ảnh đang gửi" });
    await expect(left).toBeVisible();
    await expectGoodPage(hers);
    if (!stays) await hers.goto(`${lopmo.address}/library`);
    const come = hers.waitForResponse((response) => response.url().includes("/api/sitting/photos/") && response.status() === 204);
    await hers.unroute("**/api/sitting/photos/*");
    await come;
    await expect(left).toHaveCount(0);
  }
});

test("a photo that is still on the phone before comes by itself once that phone has sent it", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Hai điện thoại", [essay("Trình bày lời giải.")]);
  const before = await anotherDevice(browser, page);
  await signIn(before, lopmo, pupils[0]!);
  await before.route("**/api/sitting/photos/*", (route) => route.abort());
  await begin(before, lopmo, given.id);
  const named = before.waitForRequest((request) => request.url().includes("/api/sitting/photos/"));
  await choose(before, jpeg("bai.jpg", await photoOf(browser, "Lời giải")));
  await named;

  const now = await anotherDevice(browser, page);
  await signIn(now, lopmo, pupils[0]!);
  await now.goto(`${lopmo.address}/sit/${given.id}`);
  await now.getByRole("button", { name: t("sitting.go_on") }).click();
  await expect(now.getByText(t("sitting.photo_elsewhere"))).toBeVisible();
  await expectGoodPage(now);
  const come = before.waitForResponse((response) => response.url().includes("/api/sitting/photos/") && response.status() === 204);
  await before.unroute("**/api/sitting/photos/*");
  await come;
  await now.getByLabel(t("sitting.your_answer")).fill("Ảnh chụp ở điện thoại cũ.");
  await expect(now.getByRole("button", { name: "Xem ảnh 1" })).toBeVisible();
  await expect.poll(() => drawn(now)).toBe(true);
});
