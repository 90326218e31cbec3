// One phone for two pupils, two devices for one pupil, and a school without HTTPS.
import { chromium as browsers, type Page } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import { chromium } from "./support/screens";
import type { Lopmo } from "./support/server";
import { begin, choice, expect, give, handIn, heading, next, pupils, saved, teacher, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const [first, second] = pupils as [(typeof pupils)[0], (typeof pupils)[0]];
const questions = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    choice({ stem: `Câu hỏi ${at + 1}?`, options: [`một ${at}`, `hai ${at}`, `ba ${at}`] }),
  );
const order = { shuffle: { questions: false, options: false } };
const cut = (page: Page) => page.route("**/api/sitting/**", (route) => route.abort());
const goOn = (page: Page) => page.getByRole("button", { name: t("sitting.go_on"), exact: true }).click();

/** The first pupil sits: one answer is saved, and one the line no longer carries. */
async function cutOff(phone: Page, lopmo: Lopmo, id: string): Promise<Page> {
  await signIn(phone, lopmo, first);
  await begin(phone, lopmo, id);
  await phone.getByRole("radio", { name: /một 0/ }).check();
  await expect(saved(phone)).toBeVisible();
  await cut(phone);
  await next(phone).click();
  await phone.getByRole("radio", { name: /hai 1/ }).check();
  await expect(phone.getByText("Chưa gửi: 1 câu")).toBeVisible();
  return phone;
}

/** What the server has of each pupil, by name. */
async function answersOf(page: Page, address: { address: string }, id: string): Promise<Record<string, number>> {
  const reply = await page.request.get(`${address.address}/api/tests/${id}/board`);
  const board = (await reply.json()) as { rows: { name: string; attempt: { answered: number } | null }[] };
  return Object.fromEntries(board.rows.map((row) => [row.name, row.attempt?.answered ?? 0]));
}

test("on a shared phone signing out warns of what is unsent, and neither pupil ever sees the other's", async ({
  page,
  lopmo,
  browser,
}) => {
  await signIn(page, lopmo, teacher);
  const { id } = await give(page, lopmo, "Kiểm tra chung máy", questions(3), order);
  const phone = await cutOff(await anotherDevice(browser, page), lopmo, id);

  await phone.goto(`${lopmo.address}/account`);
  const leave = () => phone.getByRole("button", { name: t("action.sign_out"), exact: true }).first().click();
  await leave();
  const warning = phone.getByRole("dialog", { name: t("leaving.title") });
  await expect(warning.getByRole("link", { name: "Kiểm tra chung máy" })).toBeVisible();
  await expectGoodPage(phone);
  await warning.getByRole("button", { name: t("leaving.keep") }).click();
  await expect(phone).toHaveURL(`${lopmo.address}/sign-in`);
  expect(await phone.evaluate(() => Object.keys(localStorage).filter((key) => key === "lopmo.sits"))).toEqual([]);
  expect(await phone.evaluate(() => caches.has("lopmo-papers"))).toBe(false);

  // Without network nobody is let in after her, though the phone has her page and her paper.
  await phone.context().setOffline(true);
  await phone.goto(`${lopmo.address}/sit/${id}`);
  await expect(phone.getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await expect(heading(phone, 1)).toHaveCount(0);
  await phone.context().setOffline(false);

  await signIn(phone, lopmo, second);
  await begin(phone, lopmo, id);
  await expect(phone.getByRole("radio", { checked: true })).toHaveCount(0);
  await next(phone).click();
  await expect(phone.getByRole("radio", { checked: true })).toHaveCount(0);
  await expect(phone.getByText("Chưa gửi")).toHaveCount(0);
  await phone.unroute("**/api/sitting/**");
  await phone.getByRole("radio", { name: /ba 1/ }).check();
  await expect(saved(phone)).toBeVisible({ timeout: 30_000 });
  // What the first could not send goes out from her phone by itself, whoever holds it now.
  await phone.reload();
  await expect.poll(async () => (await answersOf(page, lopmo, id))["Trần Ngọc Ánh"]).toBe(2);
  await phone.goto(`${lopmo.address}/account`);
  // Of her own nothing is unsent: no question about another's.
  await leave();
  await expect(phone).toHaveURL(`${lopmo.address}/sign-in`);

  await signIn(phone, lopmo, first);
  await phone.goto(`${lopmo.address}/sit/${id}`);
  await expect(heading(phone, 1)).toBeVisible();
  await expect(phone.getByRole("radio", { name: /một 0/ })).toBeChecked();
  await next(phone).click();
  await expect(phone.getByRole("radio", { name: /hai 1/ })).toBeChecked();
  await expect(saved(phone)).toBeVisible({ timeout: 30_000 });
  const has = await answersOf(page, lopmo, id);
  expect(has["Trần Ngọc Ánh"]).toBe(2);
  expect(has["Trần Quốc Bảo"]).toBe(1);
});

test("whose phone died goes on at a computer, and what the phone still held counts when it comes", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const { id } = await give(page, lopmo, "Kiểm tra hai máy", questions(3), order);
  const phone = await cutOff(await anotherDevice(browser, page), lopmo, id);
  const pocket = phone.context();
  await phone.close();

  const computer = await anotherDevice(browser, page);
  await signIn(computer, lopmo, first);
  await computer.goto(`${lopmo.address}/sit/${id}`);
  await goOn(computer);
  await expect(heading(computer, 1)).toBeVisible();
  await expect(computer.getByRole("radio", { name: /một 0/ })).toBeChecked();
  await next(computer).click();
  await next(computer).click();
  await computer.getByRole("radio", { name: /ba 2/ }).check();
  await expect(saved(computer)).toBeVisible();

  // The phone has power again: it sends what it held, and says where she goes on.
  const again = await pocket.newPage();
  await again.goto(`${lopmo.address}/sit/${id}`);
  await expect(again.getByText(t("sitting.elsewhere"))).toBeVisible({ timeout: 30_000 });
  await expect(again.getByRole("radio").first()).toBeDisabled();
  await expectGoodPage(again);
  await expect.poll(async () => (await answersOf(page, lopmo, id))["Trần Ngọc Ánh"]).toBe(3);

  await handIn(computer);
  await expect(computer.getByText("3 câu")).toBeVisible();
  await computer.getByRole("link", { name: t("sitting.see_result") }).click();
  await expect(computer.getByRole("region", { name: t("sitting.mark") })).toContainText("/ 10");
});

test("over plain HTTP in the school's network it is sat all the same, and the page says what is missing", async ({
  page,
  lopmo,
}, info) => {
  await signIn(page, lopmo, teacher);
  const { link } = await give(page, lopmo, "Kiểm tra trong phòng máy", questions(2), order, [{ name: "Trần Thị Ánh" }]);
  const { launchOptions } = chromium;
  const lan = "truong.lan";
  const browser = await browsers.launch({ ...launchOptions, args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP ${lan} 127.0.0.1`] });
  try {
    const context = await browser.newContext({ viewport: page.viewportSize(), isMobile: info.project.name === "phone", locale: "vi-VN" });
    const hers = await context.newPage();
    await hers.goto(`${lopmo.address.replace("127.0.0.1", lan)}/t/${link}`);
    expect(await hers.evaluate(() => isSecureContext)).toBe(false);
    await expect(hers.getByText(t("sitting.insecure"))).toBeVisible();
    await expectGoodPage(hers);
    await hers.getByRole("radio", { name: "Trần Thị Ánh" }).check();
    await hers.getByRole("button", { name: t("sitting.begin") }).click();
    await expect(heading(hers, 1)).toBeVisible();
    await hers.getByRole("radio").first().check();
    await expect(saved(hers)).toBeVisible();
    await cut(hers);
    await next(hers).click();
    await hers.getByRole("radio").nth(1).check();
    await expect(hers.getByText(t("sitting.do_not_reload"))).toBeVisible();
    await expectGoodPage(hers);
    // The server's pages are there still: a reload loses nothing.
    await hers.reload();
    await next(hers).click();
    await expect(hers.getByRole("radio").nth(1)).toBeChecked();
    await hers.unroute("**/api/sitting/**");
    await handIn(hers);
    await expect(hers.getByText("2 câu")).toBeVisible();
  } finally {
    await browser.close();
  }
});
