// From a Word paper to a workbook of marks, on phones, with the network cut and the server killed on the way.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { card, importFile, saveAll, tab } from "./support/desk";
import * as paper from "./support/paper";
import { Postgres } from "./support/postgres";
import { anotherDevice, signIn } from "./support/school";
import { Lopmo } from "./support/server";
import { ask, expect, handIn, heading, next, pupils, saved, teacher } from "./support/sitting";
import { expectGoodPage, test as plain } from "./support/test";
import { readWorkbook } from "./support/workbook";
import { t } from "./support/words";

const TITLE = "Kiểm tra cuối kì";
const CLASS = "Toán 10A1";
const GUEST = "Lê Văn Đạt";
const [an, bao] = pupils as [(typeof pupils)[0], (typeof pupils)[0]];

/** Answers the question on screen if it is a choice. */
async function choose(page: Page, at: number): Promise<void> {
  const options = page.getByRole("radio");
  if ((await options.count()) > at) await options.nth(at).check({ force: true });
}
const clock = (page: Page) => page.getByRole("timer", { name: t("sitting.left") });

for (const engine of ["sqlite", "postgres"] as const) {
  plain.describe(engine, () => {
    const test = plain.extend({
      // eslint-disable-next-line no-empty-pattern -- Playwright wants the braces
      lopmo: async ({}, use, info) => {
        const postgres = engine === "postgres" ? await Postgres.start() : null;
        const lopmo = await Lopmo.startOn(postgres?.url ?? null, "--demo");
        await use(lopmo);
        if (info.status !== info.expectedStatus) await info.attach("server", { body: lopmo.said });
        await lopmo.stop();
        await postgres?.stop();
      },
    });

    test("a Word paper is sat by three and two hundred more, and every answer is there", async ({ page, lopmo, browser }, info) => {
      test.skip(info.project.name !== "phone", "on phones");
      await lopmo.work();
      await signIn(page, lopmo, teacher);

      const id = await test.step("the paper becomes a test", async () => {
        const file = join(lopmo.data, "De-cuoi-ki.docx");
        writeFileSync(file, paper.nastyPaper());
        await importFile(page, lopmo, file);
        await card(page, `Phần I · Câu ${paper.doubts.conflict}`).getByRole("button", { name: "C là đáp án đúng" }).click();
        await card(page, `Phần I · Câu ${paper.doubts.unkeyed}`).getByRole("button", { name: "A là đáp án đúng" }).click();
        await expect(tab(page, "questions.tab_problems", 0)).toBeVisible();
        await saveAll(page, "cuối kì");
        await page.getByRole("link", { name: t("questions.make_test") }).click();
        await expect(page.getByLabel(t("tests.name"))).toHaveValue("De-cuoi-ki");
        await page.getByLabel(t("tests.name")).fill(TITLE);
        await expect(page.getByRole("radio", { name: t("tests.as_paper") })).toBeChecked();
        await page.getByRole("button", { name: t("tests.make_of_these") }).click();
        await expect(page).toHaveURL(/\/tests\/[0-9a-f-]+$/);
        for (const part of ["Phần I", "Phần II", "Phần III", "Phần IV"])
          await expect(page.getByRole("region", { name: part, exact: true })).toBeVisible();
        await page.getByRole("tab", { name: t("tests.tab_settings") }).click();
        await page.getByLabel(t("tests.minutes"), { exact: true }).fill("45");
        await page.getByText(t("tests.more_settings")).click();
        await page.getByLabel(t("tests.show_marks")).selectOption({ label: t("tests.when_at_once") });
        await expect(page.getByRole("status").filter({ hasText: t("tests.make_saved") })).toBeVisible();
        await page.getByRole("button", { name: t("tests.give"), exact: true }).click();
        const giving = page.getByRole("dialog", { name: t("tests.give_title") });
        await giving.getByRole("checkbox", { name: CLASS }).check();
        await giving.getByRole("checkbox", { name: t("tests.by_link") }).check();
        await giving.getByLabel(t("tests.roster")).fill(GUEST);
        await giving.getByRole("button", { name: t("tests.give"), exact: true }).click();
        await expect(page.getByRole("dialog", { name: t("tests.link") })).toBeVisible();
        await page.keyboard.press("Escape");
        return new URL(page.url()).pathname.split("/").at(-1) ?? "";
      });
      const detail = await ask<{ given: { link: string } }>(page, lopmo, "get", `/tests/${id}`);

      const phones = { an: await anotherDevice(browser, page), bao: await anotherDevice(browser, page), guest: await anotherDevice(browser, page) };
      await test.step("three begin, one of them without an account", async () => {
        for (const [phone, who] of [[phones.an, an], [phones.bao, bao]] as const) {
          await signIn(phone, lopmo, who);
          await phone.goto(`${lopmo.address}/sit/${id}`);
        }
        await phones.guest.goto(`${lopmo.address}/t/${detail.given.link}`);
        await phones.guest.getByRole("radio", { name: GUEST }).check();
        for (const phone of Object.values(phones)) {
          await phone.getByRole("button", { name: t("sitting.begin") }).click();
          await expect(heading(phone, 1)).toBeVisible();
          await expect(clock(phone)).toHaveText(/4[45]:\d\d/);
          await choose(phone, 0);
          await expect(saved(phone)).toBeVisible();
        }
        await expect(page.getByRole("status").filter({ hasText: "3 đang làm" })).toBeVisible();
      });

      await test.step("two hundred more sit it beside them, and the board shows only the three", async () => {
        const said = lopmo.command("rehearse", id, "--students", "200", "--beside");
        await next(phones.an).click();
        await choose(phones.an, 1);
        await expect(saved(phones.an)).toBeVisible();
        expect(await said).toMatch(/200/);
        expect(await said).toMatch(/hand in: 200 .* lost 0/);
        await expect(page.getByRole("status").filter({ hasText: "3 đang làm" })).toBeVisible();
      });

      await test.step("one gets more time while it runs", async () => {
        const board = await ask<{ rows: { name: string; attempt: { id: string } | null }[] }>(page, lopmo, "get", `/tests/${id}/board`);
        const his = board.rows.find((row) => row.name === "Trần Quốc Bảo")?.attempt?.id;
        const reply = await page.request.post(`${lopmo.address}/api/attempts/${his}/actions`, { data: { more_time: 900 } });
        expect(reply.ok()).toBe(true);
        await next(phones.bao).click();
        await choose(phones.bao, 1);
        await expect(saved(phones.bao)).toBeVisible();
        await expect(clock(phones.bao)).toHaveText(/5\d:\d\d/);
      });

      await test.step("the network is cut, the server killed, a phone dies: they go on", async () => {
        await phones.an.context().setOffline(true);
        await next(phones.an).click();
        await choose(phones.an, 2);
        await lopmo.killServer();
        await next(phones.guest).click();
        await choose(phones.guest, 1);
        await expect(phones.guest.getByText("Chưa gửi: 1 câu")).toBeVisible();
        await phones.bao.close({ runBeforeUnload: false });
        await lopmo.serve();
        await phones.an.context().setOffline(false);
        await expect(saved(phones.an)).toBeVisible({ timeout: 60_000 });
        await expect(saved(phones.guest)).toBeVisible({ timeout: 60_000 });
        phones.bao = await anotherDevice(browser, page);
        await signIn(phones.bao, lopmo, bao);
        await phones.bao.goto(`${lopmo.address}/sit/${id}`);
        await phones.bao.getByRole("button", { name: t("sitting.go_on"), exact: true }).click();
        await expect(phones.bao.getByRole("radio").first()).toBeChecked();
        await expectGoodPage(phones.bao);
      });

      await test.step("all hand in, and the marks are in the workbook", async () => {
        for (const phone of Object.values(phones)) {
          await phone.getByRole("button", { name: /^Danh sách câu hỏi/ }).click();
          await handIn(phone);
        }
        await page.goto(`${lopmo.address}/tests/${id}`);
        await expect(page.getByRole("status").filter({ hasText: "3 đã nộp" })).toBeVisible();
        await expectGoodPage(page);
        const coming = page.waitForEvent("download");
        await page.getByRole("link", { name: t("tests.download_marks") }).click();
        const file = info.outputPath("diem.xlsx");
        await (await coming).saveAs(file);
        const { sheets } = readWorkbook(readFileSync(file));
        const rows = sheets.get("Điểm") ?? [];
        const handed = rows.filter((row) => row.includes("Đã nộp")).map((row) => row[1]);
        expect(handed.sort()).toEqual([GUEST, "Trần Ngọc Ánh", "Trần Quốc Bảo"].sort());
      });
    });
  });
}
