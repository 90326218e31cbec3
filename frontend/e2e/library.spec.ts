import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { wordFile } from "./support/files";
import * as write from "./support/lesson";
import { addSettledPerson, anotherDevice, openSchool, signIn } from "./support/school";
import type { Lopmo } from "./support/server";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

const lessons = [
  {
    external_id: "ohm",
    title: "Định luật Ôm",
    text: "Cường độ dòng điện tỉ lệ thuận với hiệu điện thế.",
    subject: "vat-li",
    grade: 11,
  },
  {
    external_id: "roi",
    title: "Sự rơi tự do",
    text: "Vật rơi chỉ dưới tác dụng của trọng lực.",
    subject: "vat-li",
    grade: 10,
  },
  {
    external_id: "oxi-hoa",
    title: "Phản ứng oxi hoá – khử",
    text: "Chất khử nhường electron, chất oxi hoá nhận electron.",
    subject: "hoa-hoc",
    grade: 10,
  },
  {
    external_id: "luc-bat",
    title: "Thơ lục bát",
    text: "Câu sáu chữ đi với câu tám chữ.",
    subject: "ngu-van",
    grade: 6,
  },
].map((item) => ({ language: "vi", licence: "CC-BY-4.0", tags: [], ...item }));

/** A school whose library holds the lessons above, brought in by the command. */
async function library(page: Page, lopmo: Lopmo, items: object[] = lessons): Promise<string> {
  const school = await openSchool(page, lopmo);
  const named = await page.request.patch(`${lopmo.address}/api/organisations/${school}`, {
    data: { code: "nguyen-trai" },
  });
  expect(named.status()).toBe(200);
  const file = join(lopmo.data, "kho.jsonl");
  writeFileSync(file, [...items.map((item) => JSON.stringify(item)), '{"title": 7}'].join("\n"));
  const told = await lopmo.command("library", "import", file, "--org", "nguyen-trai");
  expect(told, "the bad line is named").toContain(`${items.length + 1}`);
  await expectFound(page, lopmo, lessons[0]?.text ?? "");
  return school;
}

/** The index follows what is written a moment later. */
async function expectFound(page: Page, lopmo: Lopmo, words: string): Promise<void> {
  const ask = async () =>
    (
      (await (await page.request.get(`${lopmo.address}/api/search`, { params: { q: words } })).json()) as {
        total: number;
      }
    ).total;
  await expect.poll(ask, { message: `“${words}” is found` }).toBeGreaterThan(0);
}

async function search(page: Page, words: string): Promise<void> {
  const box = page.getByRole("searchbox");
  await box.fill(words);
  await box.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: `“${words}”` })).toBeVisible();
}

test("a pupil browses by grade and subject and opens a lesson", async ({ page, lopmo }) => {
  const school = await library(page, lopmo);
  const pupil = await addSettledPerson(page, lopmo, school, "pupil", "Lê Thị Hoa");
  await page.context().clearCookies();
  await signIn(page, lopmo, pupil);
  await page
    .getByRole("link", { name: t("home.all") })
    .first()
    .click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(4);
  await expectGoodPage(page);

  await page
    .getByRole("group", { name: t("library.grade") })
    .getByRole("button", { name: /^Lớp 10/ })
    .click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(2);
  await page
    .getByRole("group", { name: t("library.subject") })
    .getByRole("button", { name: /^Hoá học/ })
    .click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(1);
  await expectGoodPage(page);
  await page
    .getByRole("group", { name: t("library.grade") })
    .getByRole("button", { name: /^Lớp 6/ })
    .click();
  await expect(page.getByText(t("library.empty_filtered"))).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("library.clear_filters") }).click();

  await page.getByLabel(t("library.sort")).selectOption({ label: t("library.by_title") });
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveText([
    "Định luật Ôm",
    "Phản ứng oxi hoá – khử",
    "Sự rơi tự do",
    "Thơ lục bát",
  ]);
  await page.getByRole("link", { name: "Định luật Ôm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Định luật Ôm" })).toBeVisible();
  await expectGoodPage(page);
  await page.goBack();
  await expect(page.getByLabel(t("library.sort"))).toHaveValue("title");
});

test("words are found with and without diacritics, and shown where they stand", async ({ page, lopmo }) => {
  await library(page, lopmo);
  await page.goto(`${lopmo.address}/library`);
  await search(page, "hieu dien the");
  await expect(page.getByRole("link", { name: "Định luật Ôm" })).toBeVisible();
  await expect(page.locator("mark").filter({ hasText: "hiệu điện thế" })).toBeVisible();
  await expectGoodPage(page);

  await search(page, "hiệu điện thế");
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(1);
  // The other place of the tone, and letters put together of parts, as some keyboards send them.
  await search(page, "oxi hóa".normalize("NFD"));
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("Phản ứng oxi hoá – khử");
  await search(page, "roi tu do");
  await expect(page.getByRole("main").getByRole("article").first()).toContainText("Sự rơi tự do");

  await search(page, "khủng long bạo chúa");
  await expect(page.getByText(t("library.nothing_found"))).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("searchbox").fill("");
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(4);
});

test("a lesson is found by a phrase inside the Word file it carries", async ({ page, lopmo, browser }) => {
  const school = await openSchool(page, lopmo);
  const pupil = await addSettledPerson(page, lopmo, school, "pupil", "Lê Thị Hoa");
  await lopmo.work();
  const path = join(lopmo.data, "phieu-hoc-tap.docx");
  writeFileSync(
    path,
    wordFile(["Phiếu học tập số 3", "Vì sao thuỷ ngân không dính ướt thành ống thuỷ tinh?"]),
  );
  await write.beginLesson(page, lopmo, "Hiện tượng mao dẫn");
  await write.insertFile(page, "editor.insert_file", path);
  await expect(write.paper(page).getByLabel(t("editor.file_title"))).toBeVisible();
  await expect(write.paper(page).getByRole("progressbar")).toHaveCount(0);
  await expectGoodPage(page);
  await write.publish(page);
  await expectFound(page, lopmo, "dính ướt thành ống");

  const theirs = await anotherDevice(browser, page);
  await signIn(theirs, lopmo, pupil);
  await theirs.goto(`${lopmo.address}/library`);
  await search(theirs, "khong dinh uot thanh ong");
  await expect(theirs.locator("mark").filter({ hasText: "dính ướt thành ống" })).toBeVisible();
  await expectGoodPage(theirs);
  await theirs.getByRole("link", { name: "Hiện tượng mao dẫn" }).click();
  await expect(theirs.getByText("phieu-hoc-tap.docx")).toBeVisible();
  await expectGoodPage(theirs);
});

test("another school's lessons and a colleague's drafts are not found", async ({ page, lopmo }) => {
  const school = await library(page, lopmo);
  const other = await page.request.post(`${lopmo.address}/api/organisations`, {
    data: { parent_id: null, kind: "school", name: "Trường khác", code: "khac" },
  });
  expect(other.status(), await other.text()).toBe(201);
  const stranger = await addSettledPerson(
    page,
    lopmo,
    ((await other.json()) as { id: string }).id,
    "teacher",
    "Trần Người Lạ",
  );
  const draft = await page.request.post(`${lopmo.address}/api/lessons`, {
    data: { organisation_id: school, meta: { title: "Định luật chưa đăng" } },
  });
  expect(draft.status()).toBe(201);
  await page.goto(`${lopmo.address}/library`);
  await search(page, "dinh luat");
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(1);

  await page.context().clearCookies();
  await signIn(page, lopmo, stranger);
  await page.goto(`${lopmo.address}/library`);
  await expect(page.getByText(t("library.empty"))).toBeVisible();
  await search(page, "dinh luat");
  await expect(page.getByText(t("library.nothing_found"))).toBeVisible();
});

test("a long library comes in pages, and importing anew changes what is there", async ({ page, lopmo }) => {
  const many = Array.from({ length: 60 }, (_, i) => ({
    ...lessons[0],
    external_id: `bai-${i}`,
    title: `Bài số ${i + 1}`,
  }));
  await library(page, lopmo, many);
  await page.goto(`${lopmo.address}/library`);
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(50);
  await page.getByRole("button", { name: t("action.more") }).click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(60);

  const file = join(lopmo.data, "sua.jsonl");
  writeFileSync(file, JSON.stringify({ ...many[0], title: "Bài đã sửa" }));
  await lopmo.command("library", "import", file, "--org", "nguyen-trai");
  await expectFound(page, lopmo, "đã sửa");
  await search(page, "đã sửa");
  await expect(page.getByRole("link", { name: "Bài đã sửa" })).toBeVisible();
});
