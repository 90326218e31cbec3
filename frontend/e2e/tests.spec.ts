import type { Page } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import { expect, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const of = (username: string) => ({ username, password: "lopmo-demo" });
const CLASS = "Toán 10A1";
const TITLE = "Kiểm tra 15 phút: mệnh đề và tập hợp";

async function addQuestions(page: Page, kind: string, count: number): Promise<void> {
  await page.getByRole("button", { name: t("tests.add_questions") }).click();
  const dialog = page.getByRole("dialog", { name: t("tests.pick_title") });
  const listed = page.waitForResponse((reply) => reply.url().includes("type="));
  await dialog.getByLabel(t("tests.kind")).selectOption({ label: kind });
  await listed;
  const boxes = dialog.getByRole("checkbox");
  for (let at = 0; at < count; at++) await boxes.nth(at).check();
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: `Thêm ${count} câu` }).click();
  await expect(dialog).toBeHidden();
}
const question = (page: Page, n: number) => page.getByRole("heading", { name: `Câu ${n}`, exact: true });
const next = (page: Page) => page.getByRole("button", { name: t("sitting.after"), exact: true }).locator("visible=true");
const saved = (page: Page) => page.getByRole("status").filter({ hasText: t("sitting.saved") });

/** What a page asks for with an empty cache, in bytes over the wire by address. */
async function weighed(page: Page, open: () => Promise<unknown>): Promise<Record<string, number>> {
  const line = await page.context().newCDPSession(page);
  const urls = new Map<string, string>();
  const bytes: Record<string, number> = {};
  line.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, new URL(response.url).pathname));
  line.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes[urls.get(requestId) ?? requestId] = encodedDataLength;
  });
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  await open();
  await expect(question(page, 1)).toBeVisible();
  await line.send("Network.setCacheDisabled", { cacheDisabled: false });
  return bytes;
}

test("a test from the bank is given, sat with the line cut and the page loaded anew, and its mark is right", async ({
  page,
  lopmo,
  browser,
}) => {
  await signIn(page, lopmo, of("thay.khai"));
  await page.goto(`${lopmo.address}/tests`);
  await page.getByRole("link", { name: t("tests.create") }).first().click();
  await page.getByLabel(t("tests.name")).fill(TITLE);
  await page.getByLabel(t("tests.subject"), { exact: true }).selectOption({ label: "Toán" });
  await page.getByRole("radio", { name: t("tests.template_15-phut") }).check();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("tests.make") }).click();
  await expect(page).toHaveURL(/\/tests\/[0-9a-f-]+$/);
  await addQuestions(page, t("questions.type_single_choice"), 3);
  await addQuestions(page, t("questions.type_true_false"), 1);
  await addQuestions(page, t("questions.type_short_answer"), 1);
  await expect(page.getByRole("status").filter({ hasText: t("tests.make_saved") })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("tab", { name: t("tests.tab_settings") }).click();
  await page.getByText(t("tests.more_settings")).click();
  await page.getByLabel(t("tests.show_answers")).selectOption({ label: t("tests.when_at_once") });
  await page.getByLabel(t("tests.shuffle_questions")).uncheck();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("tests.give"), exact: true }).click();
  const giving = page.getByRole("dialog", { name: t("tests.give_title") });
  await giving.getByLabel(CLASS).check();
  await expectGoodPage(page);
  await giving.getByRole("button", { name: t("tests.give"), exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "30 người" })).toBeVisible();
  await expectGoodPage(page);

  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, of("anh.tran"));
  await hers.goto(`${lopmo.address}/tests`);
  await expectGoodPage(hers);
  await hers.getByRole("link", { name: TITLE }).click();
  await expect(hers.getByRole("button", { name: t("sitting.begin") })).toBeVisible();
  await expectGoodPage(hers);
  await hers.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(question(hers, 1)).toBeVisible();
  await hers.getByRole("radio").first().check();
  await expect(saved(hers)).toBeVisible();
  await expectGoodPage(hers);

  // The line is cut: she goes on, and what she answers is still there when the page is loaded anew.
  await hers.route("**/api/sitting/**", (route) => route.abort());
  await next(hers).click();
  await expect(question(hers, 2)).toBeVisible();
  await hers.getByRole("radio").nth(1).check();
  await expect(hers.getByText("Chưa gửi: 1 câu")).toBeVisible();
  await expect(hers.getByText(t("sitting.offline_go_on"))).toBeVisible();
  await expectGoodPage(hers);
  const weight = await weighed(hers, () => hers.reload());
  await expect(question(hers, 1)).toBeVisible();
  await expect(hers.getByRole("radio").first()).toBeChecked();
  await next(hers).click();
  await expect(hers.getByRole("radio").nth(1)).toBeChecked();
  await expect(hers.getByText("Chưa gửi: 1 câu")).toBeVisible();
  if (process.env.LOPMO_WEIGH) console.log(weight);
  await hers.unroute("**/api/sitting/**");
  await expect(saved(hers)).toBeVisible({ timeout: 60_000 });

  await next(hers).click();
  await hers.getByRole("radio").first().check();
  await next(hers).click();
  for (const statement of await hers.getByRole("radiogroup").all())
    await statement.getByRole("radio", { name: t("sitting.true"), exact: true }).check();
  await expectGoodPage(hers);
  await next(hers).click();
  for (const key of ["1", "2"]) await hers.getByRole("button", { name: key, exact: true }).last().click();
  await expect(hers.getByLabel(t("sitting.your_answer"))).toHaveValue("12");
  await expectGoodPage(hers);
  await hers.getByRole("button", { name: t("sitting.hand_in"), exact: true }).locator("visible=true").click();
  const asking = hers.getByRole("dialog", { name: t("sitting.hand_in_title") });
  await expect(asking.getByText(t("sitting.all_answered"))).toBeVisible();
  await asking.getByRole("button", { name: t("sitting.hand_in_now") }).click();
  await expect(hers.getByRole("heading", { name: t("sitting.handed_in") })).toBeVisible();
  await expectGoodPage(hers);
  await hers.getByRole("link", { name: t("sitting.see_result") }).click();
  const mark = hers.getByRole("region", { name: t("sitting.mark") });
  await expect(mark).toContainText("/ 10");
  const got = /([\d,]+)\s*\/ 10/.exec((await mark.textContent()) ?? "")?.[1];
  await expect(hers.getByRole("heading", { name: t("sitting.review") })).toBeVisible();
  await expectGoodPage(hers);

  await expect(page.getByRole("link", { name: `${got}/10 điểm` })).toBeVisible();
  await expect(page.getByText(t("tests.distribution"), { exact: true })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name: `${got}/10 điểm` }).click();
  await expect(page.getByRole("heading", { name: "Bài làm của", exact: false })).toBeVisible();
  await expectGoodPage(page);
});

test("somebody without an account sits it by the link under her name, and the receipt opens the result", async ({
  page,
  lopmo,
  browser,
}) => {
  await signIn(page, lopmo, of("thay.khai"));
  const ask = async <T>(method: "get" | "post", path: string, data?: unknown): Promise<T> => {
    const reply = await page.request[method](`${lopmo.address}/api${path}`, data === undefined ? {} : { data });
    expect(reply.ok(), await reply.text()).toBe(true);
    return (await reply.json()) as T;
  };
  const bank = await ask<{ items: { id: string }[] }>("get", "/questions?type=single_choice&limit=2");
  const { items: schools } = await ask<{ items: { id: string; can_author: boolean }[] }>("get", "/organisations");
  const made = await ask<{ id: string; revision: number }>("post", "/tests", {
    organisation_id: schools.find((school) => school.can_author)?.id,
    title: TITLE,
    plan: { parts: [{ items: bank.items.map(({ id }) => ({ question_id: id })) }] },
  });
  const given = await ask<{ given: { link: string } }>("post", `/tests/${made.id}/give`, {
    revision: made.revision,
    targets: [],
    link: { for: [{ name: "Trần Thị Ánh", number: "12" }, { name: "Lê Văn Đạt" }] },
  });
  const hers = await anotherDevice(browser, page);
  await hers.goto(`${lopmo.address}/t/${given.given.link}`);
  await hers.getByRole("radio", { name: /Trần Thị Ánh/ }).check();
  await expectGoodPage(hers);
  await hers.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(question(hers, 1)).toBeVisible();
  await hers.getByRole("radio").first().check();
  await next(hers).click();
  await hers.getByRole("button", { name: t("sitting.hand_in"), exact: true }).locator("visible=true").click();
  const asking = hers.getByRole("dialog", { name: t("sitting.hand_in_title") });
  await expect(asking.getByText("Còn 1 câu chưa trả lời.")).toBeVisible();
  await asking.getByRole("button", { name: t("sitting.hand_in_now") }).click();
  await expect(hers.getByRole("heading", { name: t("sitting.handed_in") })).toBeVisible();
  await hers.getByRole("link", { name: t("sitting.see_result") }).click();
  await expect(hers.getByRole("region", { name: t("sitting.mark") })).toContainText("/ 10");
  await expectGoodPage(hers);
});
