import { signIn, anotherDevice } from "./support/school";
import { begin, expect, give, handIn, heading, next, pupils, saved, teacher, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const essay = (stem: string) => ({ type: "essay", stem: { html: `<p>${stem}</p>`, text: stem }, key: "none", tags: [] });

test("photos go to the question they were taken for, past one that cannot be read", async ({ page, lopmo, browser }) => {
  await lopmo.work();
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Nhiều ảnh", [essay("Bài một."), essay("Bài hai.")], { shuffle: { questions: false } });
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  await begin(hers, lopmo, given.id);
  const photos = hers.getByRole("region", { name: t("sitting.photos") }).getByRole("list").first().getByRole("listitem").filter({ has: hers.getByRole("paragraph") });

  const page1 = await browser.newPage({ viewport: { width: 2400, height: 3200 } });
  const files: { name: string; mimeType: string; buffer: Buffer }[] = [];
  for (let n = 1; n <= 4; n++) {
    await page1.setContent(`<h1 style="font-size:300px">Trang ${n}</h1>`);
    files.push({ name: `${n}.jpg`, mimeType: "image/jpeg", buffer: await page1.screenshot({ type: "jpeg" }) });
  }
  await page1.close();
  files.splice(1, 0, { name: "IMG_0001.HEIC", mimeType: "image/heic", buffer: Buffer.from("no picture") });

  // She does not wait until they are made smaller.
  await hers.locator("input[type=file][multiple]").setInputFiles(files);
  await next(hers).click();
  await expect(heading(hers, 2)).toBeVisible();
  await hers.getByLabel(t("sitting.your_answer")).fill("Bài hai em gõ.");
  await expect(saved(hers)).toBeVisible();
  // Among those of other questions, all four; in this answer none.
  await expect(hers.getByRole("button", { name: /^Dùng cả ảnh thứ/ })).toHaveCount(4);
  await expect(hers.getByRole("button", { name: /^Bỏ ảnh/ })).toHaveCount(0);
  await expect(hers.getByLabel(t("sitting.your_answer"))).toHaveValue("Bài hai em gõ.");
  await hers.getByRole("button", { name: t("sitting.before"), exact: true }).locator("visible=true").click();
  await expect(photos).toHaveCount(4);
  for (let n = 0; n < 4; n++) await expect(photos.nth(n)).toContainText(t("sitting.photo_sent"));

  // Her teacher leafs through them.
  await next(hers).click();
  await handIn(hers);
  await page.goto(`${lopmo.address}/tests/${given.id}`);
  await page.getByRole("link", { name: "2 câu chờ chấm" }).click();
  await expect(page.getByRole("button", { name: /^Xem ảnh/ })).toHaveCount(4, { timeout: 120_000 });
  await page.getByRole("button", { name: "Xem ảnh 1" }).click();
  for (let n = 1; n <= 4; n++) {
    const sheet = page.getByRole("dialog", { name: `Ảnh ${n}`, exact: true });
    await expect.poll(() => sheet.getByRole("img").evaluate((image: HTMLImageElement) => image.complete && image.naturalHeight)).toBe(2000);
    if (n === 1) await expectGoodPage(page);
    const after = sheet.getByRole("button", { name: t("sitting.photo_after") });
    if (n < 4) await after.click();
    else await expect(after).toBeDisabled();
  }
});
