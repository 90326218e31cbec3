import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import type { Lopmo } from "./support/server";
import { expect, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { readWorkbook } from "./support/workbook";
import { t } from "./support/words";

const of = (username: string) => ({ username, password: "lopmo-demo" });
const TITLE = "Kiểm tra có tự luận";
const NAME = "=SUM(1+1)";

function asker(page: Page, lopmo: Lopmo) {
  return async <T>(method: "get" | "post", path: string, data?: unknown): Promise<T> => {
    const reply = await page.request[method](`${lopmo.address}/api${path}`, data === undefined ? {} : { data });
    expect(reply.ok(), `${path}: ${await reply.text()}`).toBe(true);
    const text = await reply.text();
    return (text ? JSON.parse(text) : null) as T;
  };
}
interface Begun {
  attempt_id: string;
  token: string;
}
/** Answers the first question and the essay, and hands in. */
async function sit(page: Page, lopmo: Lopmo, begun: Begun, option: number): Promise<void> {
  const headers = { authorization: `Bearer ${begun.token}` };
  const at = Date.now() * 1000;
  const answers = [
    { sequence: 1, item: 0, at, response: { c: option } },
    { sequence: 2, item: 2, at, response: { e: "=HYPERLINK: em chứng minh như sau." } },
  ];
  const saved = await page.request.post(`${lopmo.address}/api/sitting/answers`, { headers, data: { sent_at: at, answers, events: [] } });
  expect(saved.ok()).toBe(true);
  expect((await page.request.post(`${lopmo.address}/api/sitting/hand-in`, { headers, data: {} })).ok()).toBe(true);
}

test("an essay is marked by hand, a key is put right, and the workbook of marks holds both", async ({ page, lopmo, browser }, info) => {
  await signIn(page, lopmo, of("thay.khai"));
  const ask = asker(page, lopmo);
  const { items: folders } = await ask<{ items: { id: string; owner: unknown }[] }>("get", "/question-folders");
  const essay = await ask<{ id: string }>("post", "/questions", {
    folder_id: folders.find((folder) => folder.owner)?.id,
    question: {
      type: "essay",
      stem: { html: "", text: "Chứng minh rằng tập rỗng là tập con của mọi tập." },
      rubric: { html: "", text: "Đúng định nghĩa 0,5; lập luận 0,5." },
      key: "none",
      tags: [],
    },
  });
  const choices = await ask<{ items: { id: string }[] }>("get", "/questions?type=single_choice&limit=2");
  const { items: schools } = await ask<{ items: { id: string; can_author: boolean }[] }>("get", "/organisations");
  const { items: classes } = await ask<{ items: { id: string; name: string }[] }>("get", "/classes");
  const made = await ask<{ id: string }>("post", "/tests", {
    organisation_id: schools.find((school) => school.can_author)?.id,
    title: TITLE,
    plan: { parts: [{ items: [...choices.items, essay].map(({ id }) => ({ question_id: id })) }] },
    settings: { shuffle: { questions: false, options: true, statements: false }, out_of: null },
  });

  // Tried before it is given: nothing of it counts.
  await page.goto(`${lopmo.address}/tests/${made.id}`);
  await page.getByRole("button", { name: t("tests.try") }).click();
  await page.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(page.getByText(t("sitting.trial"))).toBeVisible();

  // Given to one pupil of the class, and by link to somebody with a strange name.
  await page.goto(`${lopmo.address}/tests/${made.id}`);
  await page.getByRole("tab", { name: t("tests.tab_settings") }).click();
  await page.getByText(t("tests.more_settings")).click();
  await page.getByLabel(t("tests.show_marks")).selectOption({ label: t("tests.when_at_once") });
  await page.getByLabel(t("tests.networks")).fill("127.0.0.0/8\n::1");
  await page.getByLabel(t("tests.late_minutes")).fill("5");
  await expect(page.getByRole("status").filter({ hasText: t("tests.make_saved") })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("tests.give"), exact: true }).click();
  const giving = page.getByRole("dialog", { name: t("tests.give_title") });
  await giving.getByRole("checkbox", { name: "Toán 10A1" }).check();
  await giving.getByLabel("Giao cho ai của Toán 10A1").selectOption({ label: t("tests.target_members") });
  await giving.getByRole("checkbox", { name: "Trần Ngọc Ánh" }).check();
  await giving.getByRole("checkbox", { name: t("tests.by_link") }).check();
  await giving.getByLabel(t("tests.roster")).fill(`${NAME}; 7\nLê Văn Đạt`);
  await expectGoodPage(page);
  await giving.getByRole("button", { name: t("tests.give"), exact: true }).click();
  await expect(page.getByRole("dialog", { name: t("tests.link") })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("status").filter({ hasText: "3 người" })).toBeVisible();

  // One with an account, one without, with two different answers to the first question.
  const detail = await ask<{ given: { link: string; entrants: { id: string; name: string }[] } }>("get", `/tests/${made.id}`);
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, of("anh.tran"));
  const begun = await asker(hers, lopmo)<Begun>("post", `/tests/${made.id}/begin`, { sent_at: Date.now() * 1000 });
  await sit(hers, lopmo, begun, 0);
  const guest = detail.given.entrants.find((entrant) => entrant.name === NAME);
  const other = await ask<Begun>("post", `/test-links/${detail.given.link}/begin`, { entrant_id: guest?.id, sent_at: Date.now() * 1000 });
  await sit(page, lopmo, other, 1);

  // The board is told, without being loaded anew.
  await expect(page.getByRole("status").filter({ hasText: "2 đã nộp" })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "2 câu chờ chấm" }).click();
  await expect(page.getByRole("heading", { name: "Bài làm của", exact: false })).toBeVisible();
  await page.goto(`${lopmo.address}/tests/${made.id}/attempts/${begun.attempt_id}`);
  await expect(page.getByText("Đúng định nghĩa 0,5")).toBeVisible();
  const marking = page.getByRole("form", { name: "Chấm câu 3" });
  await marking.getByLabel(t("tests.hand_points")).fill("1,5");
  await expect(marking.getByText("Một số từ 0 đến 1")).toBeVisible();
  await marking.getByLabel(t("tests.hand_points")).fill("0,75");
  await marking.getByLabel(t("tests.hand_comment")).fill("Lập luận còn thiếu một bước.");
  await expectGoodPage(page);
  await marking.getByRole("button", { name: t("tests.hand_save") }).click();
  await expect(page.getByText("Chấm tay: 0,75 điểm")).toBeVisible();
  await expectGoodPage(page);
  await hers.goto(`${lopmo.address}/sit/${made.id}/${begun.attempt_id}`);
  await expect(hers.getByText("Lập luận còn thiếu một bước.")).toBeVisible();
  await expectGoodPage(hers);

  // Question 1 is given to everybody: one of the two, or both, get a point more.
  await page.goto(`${lopmo.address}/tests/${made.id}`);
  await page.getByRole("tab", { name: t("tests.tab_key") }).click();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Sửa đáp án câu 1" }).click();
  const correcting = page.getByRole("dialog", { name: "Sửa đáp án câu 1" });
  await correcting.getByLabel(t("tests.rule")).selectOption({ label: t("tests.rule_given_to_all") });
  await expect(correcting.getByText("/2 bài đổi điểm")).toBeVisible();
  await correcting.getByLabel(t("tests.key_note")).fill("Hai phương án đều đúng");
  await expectGoodPage(page);
  await correcting.getByRole("button", { name: t("tests.key_do") }).click();
  await expect(correcting).toBeHidden();
  await expect(page.getByText(t("tests.ruling_given_to_all"), { exact: true })).toBeVisible();
  await hers.reload();
  await expect(hers.getByRole("region", { name: t("sitting.mark") })).toContainText("1,75");

  await page.getByRole("tab", { name: t("tests.tab_board") }).click();
  await expect(page.getByRole("link", { name: "1,75/3 điểm" })).toBeVisible();
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: t("tests.download_marks") }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toContain(TITLE);
  await file.saveAs(info.outputPath("diem.xlsx"));
  const { sheets, formulas } = readWorkbook(readFileSync(info.outputPath("diem.xlsx")));
  expect([...sheets.keys()]).toEqual(["Điểm", "Bài làm", "Thống kê"]);
  expect(formulas).toBe(false);
  const marks = sheets.get("Điểm") ?? [];
  expect(marks.find((row) => row[1] === "Trần Ngọc Ánh")?.slice(5, 7)).toEqual(["Đã nộp", "1.75"]);
  expect(marks.find((row) => row[1] === NAME)?.slice(5, 7)).toEqual(["Đã nộp", "1"]);
  expect((sheets.get("Bài làm") ?? []).flat()).toContain("=HYPERLINK: em chứng minh như sau.");

  // Who has not sat it gets another window.
  await page.getByRole("button", { name: t("tests.make_up"), exact: true }).click();
  const making = page.getByRole("dialog", { name: t("tests.make_up") });
  await expect(making.getByRole("checkbox", { name: "Lê Văn Đạt" })).toBeChecked();
  const day = making.getByLabel(t("tests.day"));
  await day.last().fill("31/12/2035");
  await day.last().press("Tab");
  await expectGoodPage(page);
  await making.getByRole("button", { name: "Mở cho 1 người" }).click();
  await expect(making).toBeHidden();
  await expect(page.getByText(t("tests.has_exception"), { exact: true })).toBeVisible();
  await expectGoodPage(page);

  // And the class shows the test to both.
  const class_id = classes.find(({ name }) => name === "Toán 10A1")?.id;
  for (const who of [page, hers]) {
    await who.goto(`${lopmo.address}/classes/${class_id}`);
    await who.getByRole("tab", { name: t("tests.title") }).click();
    await expect(who.getByRole("link", { name: TITLE })).toBeVisible();
    await expectGoodPage(who);
  }
});
