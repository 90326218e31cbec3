import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { card, importFile, saveAll, tab } from "./support/desk";
import { picture } from "./support/lesson";
import * as paper from "./support/paper";
import { addSettledPerson, anotherDevice, openSchool, signIn, type Account } from "./support/school";
import type { Lopmo } from "./support/server";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

/** A drawing that would run in the browser of whoever looks at it. */
const EVIL = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`;

const wide = (page: Page) => (page.viewportSize()?.width ?? 0) > 600;

/** A teacher signed in on the page, and the program that reads papers. */
async function teacherAtWork(page: Page, lopmo: Lopmo): Promise<{ school: string; teacher: Account }> {
  const school = await openSchool(page, lopmo);
  const teacher = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  await page.context().clearCookies();
  await lopmo.work();
  await signIn(page, lopmo, teacher);
  return { school, teacher };
}

async function expectDeskSaved(page: Page): Promise<void> {
  await expect(
    page.getByRole("status").filter({ hasText: new RegExp(`^\\s*${t("editor.draft_saved")}`) }),
  ).toBeVisible();
}
interface Kept {
  type: string;
  stem: { text: string };
  options: { label: string; content: { text: string }; correct: boolean | null }[];
  statements: { content: { text: string }; correct: boolean | null }[];
  answers: { text: string }[];
  key: string;
  level: string | null;
  points: string | null;
  explanation: { text: string } | null;
}
/** What of a question must come through Word unchanged; pictures are named anew in each paper. */
const essence = (question: Kept) => ({
  type: question.type,
  stem: question.stem.text.replace(/\[image:\w+\]/g, "[image]"),
  options: question.options.map((o) => [o.label, o.content.text, o.correct]),
  statements: question.statements.map((s) => [s.content.text, s.correct]),
  answers: question.answers.map((a) => a.text),
  key: question.key,
  level: question.level,
  points: question.points === null ? null : Number(question.points),
  explanation: question.explanation?.text ?? null,
});
const questionsOfDesk = (page: Page, lopmo: Lopmo) => questionsOfDeskAt(page, lopmo, page.url());
async function questionsOfDeskAt(page: Page, lopmo: Lopmo, desk: string): Promise<Kept[]> {
  const id = new URL(desk).pathname.split("/").at(-1);
  const reply = await page.request.get(`${lopmo.address}/api/question-imports/${id}/paper`);
  expect(reply.status()).toBe(200);
  return ((await reply.json()) as { questions: Kept[] }).questions;
}

test("a nasty Word paper becomes forty clean questions, found again and exported without a difference", async ({
  page,
  lopmo,
}) => {
  await teacherAtWork(page, lopmo);
  const file = join(lopmo.data, "De-kiem-tra-cuoi-ki.docx");
  writeFileSync(file, paper.nastyPaper());

  await test.step("an empty bank says what to do first", async () => {
    await page.goto(`${lopmo.address}/questions`);
    await expect(page.getByRole("heading", { name: t("questions.empty") })).toBeVisible();
    await expectGoodPage(page);
    await page.getByRole("link", { name: t("questions.import_word") }).click();
    await expect(page.getByRole("heading", { level: 1, name: t("questions.import") })).toBeVisible();
    await expectGoodPage(page);
  });

  await test.step("the paper is read: forty questions, two places to look at", async () => {
    await importFile(page, lopmo, file);
    await expect(tab(page, "questions.tab_questions", paper.count)).toBeVisible();
    await expect(tab(page, "questions.tab_problems", 2)).toBeVisible();
    await expect(card(page, "Phần I · Câu 22")).toContainText("Số nào là số chẵn?");
    await expectGoodPage(page);
  });

  await test.step("the two doubts are jumped to and settled by a click", async () => {
    const next = page.getByRole("button", { name: /^Chỗ cần xem/ });
    await next.click();
    const fifth = card(page, `Phần I · Câu ${paper.doubts.conflict}`);
    await expect(fifth).toBeInViewport();
    if (wide(page)) await expect(page.locator("[data-paragraph].selected").first()).toBeInViewport();
    await fifth.getByRole("button", { name: "C là đáp án đúng" }).click();
    await next.click();
    const last = card(page, `Phần I · Câu ${paper.doubts.unkeyed}`);
    await expect(last).toBeInViewport();
    await last.getByRole("button", { name: "A là đáp án đúng" }).click();
    await expect(next).toHaveCount(0);
    await expect(tab(page, "questions.tab_problems", 0)).toBeVisible();
  });

  await test.step("levels are set for a range, and it is still there tomorrow", async () => {
    await page.getByRole("button", { name: t("questions.range") }).click();
    const range = page.getByRole("dialog", { name: t("questions.range_title") });
    await range.getByLabel(t("questions.range_from")).selectOption({ label: "Phần II · Câu 1" });
    await range.getByLabel(t("questions.range_to")).selectOption({ label: "Phần II · Câu 6" });
    await range.getByRole("button", { name: t("questions.range_do") }).click();
    const bulk = page.getByRole("group", { name: "Đã chọn 6 câu" });
    await bulk.getByRole("button", { name: t("questions.level_vd"), exact: true }).click();
    await bulk.getByRole("button", { name: t("questions.choose_none") }).click();
    await expectDeskSaved(page);
    await page.goto(`${lopmo.address}/questions/import`);
    await expect(page.getByText(`${paper.count} câu, không có chỗ nào cần xem`)).toBeVisible();
    await expectGoodPage(page);
    await page.getByRole("link", { name: "De-kiem-tra-cuoi-ki.docx" }).click();
    await expect(tab(page, "questions.tab_problems", 0)).toBeVisible();
  });
  const before = (await questionsOfDesk(page, lopmo)).map(essence);
  expect(before).toHaveLength(paper.count);
  expect(before.filter((question) => question.key === "missing")).toEqual([]);
  expect(before[24]?.level).toBe("vd");

  await test.step("all go into the bank with subject, grade and tags", async () => {
    await saveAll(page, "cuối kì, toán 10");
    await expectGoodPage(page);
    await page
      .getByRole("link", { name: t("questions.open_in_bank") })
      .last()
      .click();
    await expect(page.getByRole("main").getByRole("article")).toHaveCount(paper.count);
    await expect(page.getByText("#cuối kì").first()).toBeVisible();
    await expectGoodPage(page);
  });

  await test.step("they are found without diacritics and by a filter", async () => {
    const box = page.getByRole("searchbox");
    const ask = async (words: string) =>
      (
        (await (
          await page.request.get(`${lopmo.address}/api/questions`, { params: { q: words } })
        ).json()) as { items: unknown[] }
      ).items.length;
    await expect.poll(() => ask("duong trung tuyen"), { message: "the index follows" }).toBeGreaterThan(0);
    await box.fill("duong trung tuyen cua tam giac");
    await box.press("Enter");
    await expect(page.getByRole("main").getByRole("article").first()).toContainText(
      "Đường trung tuyến của tam giác",
    );
    await expect(page.locator("mark").first()).toBeVisible();
    await box.fill("");
    await expect(page.getByRole("main").getByRole("article")).toHaveCount(paper.count);
    await page.getByRole("button", { name: t("questions.filters"), exact: true }).click();
    await page
      .getByLabel(t("questions.type"), { exact: true })
      .selectOption({ label: t("questions.type_true_false") });
    await expect(page.getByRole("main").getByRole("article")).toHaveCount(6);
    await expectGoodPage(page);
    await page.getByLabel(t("questions.type"), { exact: true }).selectOption({ label: t("state.all") });
    await expect(page.getByRole("main").getByRole("article")).toHaveCount(paper.count);
  });

  const exported = join(lopmo.data, "xuat-ra.docx");
  await test.step("all are exported to Word", async () => {
    await page.getByRole("checkbox", { name: t("questions.choose_shown") }).check();
    await page
      .getByRole("group", { name: `Đã chọn ${paper.count} câu` })
      .getByRole("button", { name: t("questions.export_short") })
      .click();
    const dialog = page.getByRole("dialog");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: t("action.download") }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.docx$/);
    await download.saveAs(exported);
  });

  await test.step("and read again without a difference", async () => {
    await importFile(page, lopmo, exported);
    const again = (await questionsOfDesk(page, lopmo)).map(essence);
    const inOrder = (list: typeof again) => list.map((each) => JSON.stringify(each)).sort();
    expect(inOrder(again)).toEqual(inOrder(before));
    await expect(page.getByText(/đã có trong ngân hàng/).first()).toBeVisible();
    await expectGoodPage(page);
  });
});

test("what was read wrong is split, joined, typed anew and taken back", async ({ page, lopmo }) => {
  await teacherAtWork(page, lopmo);
  const file = join(lopmo.data, "de.docx");
  writeFileSync(file, paper.nastyPaper());
  await importFile(page, lopmo, file);
  const count = (n: number) => expect(tab(page, "questions.tab_questions", n)).toBeVisible();
  const act = async (place: string, what: string) => {
    await card(page, place)
      .getByRole("button", { name: t("action.actions") })
      .click();
    await page.getByRole("menuitem", { name: what }).click();
  };

  await act("Phần I · Câu 21", t("questions.split"));
  await expectGoodPage(page);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("questions.split_here") })
    .first()
    .click();
  await count(41);
  await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
  await count(40);
  await act("Phần I · Câu 1", t("questions.merge_next"));
  await count(39);
  await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
  await count(40);
  await act("Phần I · Câu 2", t("questions.leave_out"));
  await count(39);
  await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
  await count(40);

  await act("Phần I · Câu 3", t("questions.light_edit"));
  const text = page.getByRole("textbox", { name: t("questions.light_text") });
  await expect(text).toHaveValue(/\*C\. 25/);
  await expectGoodPage(page);
  await text.fill((await text.inputValue()).replace("*C. 25", "C. 25").replace("A. 7", "*A. 5 \\times 5"));
  await page.getByRole("button", { name: t("questions.light_use") }).click();
  await expect(
    card(page, "Phần I · Câu 3").getByRole("button", { name: "A là đáp án đúng" }),
  ).toHaveAttribute("aria-pressed", "true");

  const short = card(page, "Phần III · Câu 1");
  await short.scrollIntoViewIfNeeded();
  await short.getByLabel(t("questions.answer")).fill("12,5 | 12.5");
  await short.getByLabel(t("questions.points")).fill("0,5");
  await short.getByLabel(t("questions.points")).blur();
  await expectDeskSaved(page);
  const kept = (await questionsOfDesk(page, lopmo))[30];
  expect(kept?.answers.map((answer) => answer.text)).toEqual(["12,5", "12.5"]);
  expect(Number(kept?.points)).toBe(0.5);
});

test("a picture the paper lacks is added on the desk, goes into the bank and stands in the editor", async ({
  page,
  lopmo,
}) => {
  await teacherAtWork(page, lopmo);
  const file = join(lopmo.data, "de.docx");
  writeFileSync(file, paper.nastyPaper());
  await importFile(page, lopmo, file);
  const first = card(page, "Phần I · Câu 1");
  const pictures = first.locator("img");
  const before = await pictures.count();

  await test.step("chosen from the device and put into an option", async () => {
    await first.getByRole("button", { name: t("action.actions") }).click();
    await page.getByRole("menuitem", { name: t("questions.add_medium") }).click();
    const dialog = page.getByRole("dialog");
    const put = dialog.getByRole("button", { name: t("questions.add_medium_do") });
    await expect(put).toBeDisabled();
    const choose = dialog.locator("input[type=file]");
    await choose.setInputFiles({ name: "hinh.svg", mimeType: "image/svg+xml", buffer: Buffer.from(EVIL) });
    await expect(dialog.getByRole("alert")).toHaveText(t("error.not-media"));
    await choose.setInputFiles(picture);
    await expect(dialog.getByRole("img")).toBeVisible();
    await dialog.getByLabel(t("questions.add_medium_where")).selectOption({ label: "Phương án B" });
    await dialog.getByLabel(t("questions.alt")).fill("Đồ thị đi lên");
    await expectGoodPage(page);
    await put.click();
    await expect(pictures).toHaveCount(before + 1);
    await expect(first.getByRole("img", { name: "Đồ thị đi lên" })).toBeVisible();
  });

  await test.step("taken back and put in again, it is still there after leaving the desk", async () => {
    await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
    await expect(pictures).toHaveCount(before);
    await first.getByRole("button", { name: t("action.actions") }).click();
    await page.getByRole("menuitem", { name: t("questions.add_medium") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Hình thứ 1", exact: true }).click();
    await dialog.getByRole("button", { name: t("questions.add_medium_do") }).click();
    await expect(pictures).toHaveCount(before + 1);
    await expectDeskSaved(page);
    await page.reload();
    await expect(pictures).toHaveCount(before + 1);
    await expectGoodPage(page);
  });

  await test.step("in the bank a click on Sửa opens the editor with the picture in it", async () => {
    const said = (await questionsOfDesk(page, lopmo))[0]?.stem.text.split("\n")[0] ?? "";
    await saveAll(page, "có hình");
    await page
      .getByRole("link", { name: t("questions.open_in_bank") })
      .last()
      .click();
    await page
      .getByRole("main")
      .getByRole("article")
      .filter({ hasText: said })
      .first()
      .getByRole("link")
      .click();
    await expect(
      page
        .getByRole("main")
        .getByRole("img", { name: t("questions.picture") })
        .first(),
    ).toBeVisible();
    await page.getByRole("link", { name: t("action.edit"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: t("questions.edit") })).toBeVisible();
    const stem = page.getByRole("textbox", { name: t("questions.stem"), exact: true });
    await expect(stem).toContainText(said);
    await expect(stem.getByRole("img", { name: t("questions.picture") })).toBeVisible();
    await expectGoodPage(page);
  });
});

test("a question is written by sight, seen as the pupil sees it, reported and put right", async ({
  page,
  lopmo,
  browser,
}) => {
  const { school } = await teacherAtWork(page, lopmo);
  await page.goto(`${lopmo.address}/questions/new`);
  await expectGoodPage(page);
  const stem = page.getByRole("textbox", { name: t("questions.stem"), exact: true });
  await stem.click();
  await page.keyboard.type("Tính giá trị của ");
  await page.getByRole("button", { name: t("editor.formula") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("tab", { name: t("editor.formula_latex") }).click();
  await dialog.getByRole("textbox").fill("\\sqrt{144}");
  await dialog.getByRole("button", { name: t("editor.formula_put") }).click();
  await expect(dialog).toBeHidden();
  for (const [label, text] of [
    ["A", "10"],
    ["B", "11"],
    ["C", "12"],
    ["D", "13"],
  ] as const) {
    await page.getByRole("textbox", { name: `Phương án ${label}`, exact: true }).click();
    await page.keyboard.type(text);
  }
  await page.getByRole("button", { name: "C là đáp án đúng" }).click();
  await expect(page.getByRole("radio")).toHaveCount(4);
  await expectGoodPage(page);
  await page
    .getByRole("button", { name: t("action.save"), exact: true })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: /Tính giá trị của/ })).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: t("questions.report"), exact: true }).click();
  await page.getByRole("dialog").getByLabel(t("questions.report_note")).fill("Thiếu dấu chấm.");
  await page.getByRole("button", { name: t("questions.report_send") }).click();
  await expect(page.getByText("Thiếu dấu chấm.")).toBeVisible();
  await page.getByRole("button", { name: t("questions.resolve") }).click();
  await expect(page.getByRole("button", { name: t("questions.resolve") })).toHaveCount(0);
  await expectGoodPage(page);

  const pupil = await anotherDevice(browser, page);
  const admin = await anotherDevice(browser, page);
  await signIn(admin, lopmo, { username: "tuyet", password: "mua-thu-ha-noi" });
  const account = await addSettledPerson(admin, lopmo, school, "pupil", "Lê Thị Hoa");
  await signIn(pupil, lopmo, account);
  await pupil.goto(page.url());
  await expect(pupil.getByRole("heading", { level: 1, name: t("error.page_title") })).toBeVisible();
});

test("folders are made, filled, lent to a colleague and put in order", async ({ page, lopmo, browser }) => {
  const { school } = await teacherAtWork(page, lopmo);
  const admin = await anotherDevice(browser, page);
  await signIn(admin, lopmo, { username: "tuyet", password: "mua-thu-ha-noi" });
  const colleague = await addSettledPerson(admin, lopmo, school, "teacher", "Hoàng Thị Cẩm");
  const menu = async (what: string) => {
    await page.getByRole("button", { name: t("action.actions") }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  await page.goto(`${lopmo.address}/questions`);
  await menu(t("questions.folder_new"));
  await page.getByLabel(t("questions.folder_name")).fill("Chương 1");
  await page.getByRole("button", { name: t("action.save"), exact: true }).click();
  await expect(page).toHaveURL(/folder=/);
  const folder = new URL(page.url()).searchParams.get("folder") ?? "";

  for (const text of ["Một cộng một bằng mấy?", "Hai cộng hai bằng mấy?"]) {
    const stem = { html: `<p>${text}</p>`, text };
    const question = { type: "short_answer", stem, answers: [{ text: "2" }] };
    const made = await page.request.post(`${lopmo.address}/api/questions`, {
      data: { folder_id: folder, question, passage: null, media: [], meta: {} },
    });
    expect(made.status(), await made.text()).toBe(201);
  }
  await page.reload();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(2);
  await page.getByRole("checkbox", { name: /Một cộng một/ }).check();
  const bulk = page.getByRole("group", { name: "Đã chọn 1 câu" });
  await bulk.getByRole("button", { name: t("questions.tags") }).click();
  await page.getByRole("dialog").getByLabel(t("questions.tags_add")).fill("dễ");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("action.save"), exact: true })
    .click();
  await expect(page.getByText("#dễ")).toBeVisible();
  await bulk.getByRole("button", { name: t("action.delete") }).click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(1);
  await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(2);

  await menu(t("questions.share"));
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel(t("questions.share_find")).fill("cam");
  await sheet.getByRole("button", { name: "Hoàng Thị Cẩm" }).click();
  await expect(sheet.getByRole("button", { name: "Thôi chia sẻ với Hoàng Thị Cẩm" })).toBeVisible();
  await expectGoodPage(page);
  const theirs = await anotherDevice(browser, page);
  await signIn(theirs, lopmo, colleague);
  await theirs.goto(`${lopmo.address}/questions?folder=${folder}`);
  await expect(theirs.getByRole("main").getByRole("article")).toHaveCount(2);
  await expectGoodPage(theirs);
  await sheet.getByRole("button", { name: t("action.close") }).click();

  for (const text of ["Một cộng một bằng mấy?", "Hai cộng hai bằng mấy?"]) {
    const question = {
      type: "short_answer",
      stem: { html: `<p>${text}</p>`, text },
      answers: [{ text: "2" }],
    };
    const made = await page.request.post(`${lopmo.address}/api/questions`, {
      data: { folder_id: folder, question, passage: null, media: [], meta: {} },
    });
    expect(made.status(), await made.text()).toBe(201);
  }
  await menu(t("questions.duplicates"));
  await expect(page.getByRole("heading", { level: 1, name: t("questions.duplicates") })).toBeVisible();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(4);
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Gộp 2 nhóm" }).click();
  await expectGoodPage(page);
  await page.getByRole("dialog").getByRole("button", { name: "Gộp 2 nhóm" }).click();
  await expect(page.getByRole("heading", { name: t("questions.no_duplicates") })).toBeVisible();
  await page.getByRole("button", { name: t("action.undo"), exact: true }).click();
  await expect(page.getByRole("main").getByRole("article")).toHaveCount(4);
});

test("what is put right while the server cannot be reached survives a reload and is sent on return", async ({
  page,
  lopmo,
}) => {
  const { teacher } = await teacherAtWork(page, lopmo);
  const file = join(lopmo.data, "de.docx");
  writeFileSync(file, paper.nastyPaper());
  await importFile(page, lopmo, file);
  const desk = page.url();
  const fifth = card(page, `Phần I · Câu ${paper.doubts.conflict}`);
  const keyC = fifth.getByRole("button", { name: "C là đáp án đúng" });

  await test.step("the server goes in the middle of the work", async () => {
    // Not setOffline: Chromium lets go of that while the page is being left, and the page, told that it is
    // online, sends what it kept.
    await lopmo.killServer();
    await keyC.click();
    await expect(page.getByText(t("editor.kept"))).toBeVisible();
    // The page is gone: the browser has nothing to show.
    await page.goto("about:blank");
    await lopmo.serve();
  });
  expect((await questionsOfDeskAt(page, lopmo, desk))[4]?.options[2]?.correct).not.toBe(true);

  await test.step("a colleague at the same computer sees nothing of it", async () => {
    await page.context().clearCookies();
    await signIn(page, lopmo, { username: "tuyet", password: "mua-thu-ha-noi" });
    await page.goto(desk);
    await expect(page.getByRole("heading", { level: 1, name: t("error.page_title") })).toBeVisible();
    await page.context().clearCookies();
    await signIn(page, lopmo, teacher);
  });

  await test.step("back on the desk it is there, is said so, and is saved", async () => {
    await page.goto(desk);
    await expect(
      page.getByText(/^Đã mở lại những gì bạn sửa trên máy này lúc \d\d:\d\d \d\d\/\d\d\/20\d\d/),
    ).toBeVisible();
    await expect(keyC).toHaveAttribute("aria-pressed", "true");
    await expectGoodPage(page);
    await expectDeskSaved(page);
    expect((await questionsOfDesk(page, lopmo))[4]?.options[2]?.correct).toBe(true);
  });

  await test.step("it can be put aside, and fetched back", async () => {
    await page.getByRole("button", { name: t("questions.resumed_paper_drop") }).click();
    await expect(keyC).toHaveAttribute("aria-pressed", "false");
    await page
      .getByRole("status")
      .getByRole("button", { name: t("action.undo") })
      .click();
    await expect(keyC).toHaveAttribute("aria-pressed", "true");
    await expectDeskSaved(page);
  });

  await test.step("once saved, nothing of it is left on this device", async () => {
    await page.reload();
    await expect(keyC).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByText(/^Đã mở lại những gì bạn sửa/)).toHaveCount(0);
  });

  await test.step("light text half typed is there again too", async () => {
    await fifth.getByRole("button", { name: t("action.actions") }).click();
    await page.getByRole("menuitem", { name: t("questions.light_edit") }).click();
    const text = page.getByRole("textbox", { name: t("questions.light_text") });
    await text.fill(`${await text.inputValue()}\nE. Thêm một phương án`);
    await expect(page.getByText("Thêm một phương án").last()).toBeAttached();
    await page.reload();
    await expect(page.getByText(/^Đã mở lại phần chữ bạn gõ dở trên máy này lúc/)).toBeVisible();
    await expect(text).toHaveValue(/E\. Thêm một phương án/);
    await expectGoodPage(page);
    await page.getByRole("button", { name: t("questions.light_use") }).click();
    await expect(fifth).toContainText("Thêm một phương án");
    await expectDeskSaved(page);
  });

  await test.step("a question half written is there again after a reload", async () => {
    await page.goto(`${lopmo.address}/questions/new`);
    const stem = page.getByRole("textbox", { name: t("questions.stem"), exact: true });
    await stem.click();
    await page.keyboard.type("Một câu viết dở");
    await expect(page.getByRole("group", { name: t("questions.preview") })).toContainText("Một câu viết dở");
    await page.reload();
    await expect(page.getByText(/^Đây là câu bạn viết dở trên máy này lúc/)).toBeVisible();
    await expect(stem).toHaveText("Một câu viết dở");
    await expectGoodPage(page);
    await page.getByRole("button", { name: t("questions.resumed_question_drop") }).click();
    await expect(stem).toHaveText("");
    await page.reload();
    await expect(page.getByText(/^Đây là câu bạn viết dở/)).toHaveCount(0);
  });
});

test("the bar of what is selected hides nothing that can be pressed", async ({ page, lopmo }) => {
  await teacherAtWork(page, lopmo);
  const file = join(lopmo.data, "de.docx");
  writeFileSync(file, paper.nastyPaper());
  await importFile(page, lopmo, file);
  const everywhere = async () => {
    for (const part of [0, 0.31, 0.57, 1]) {
      await page.evaluate((at) => scrollTo(0, at * document.documentElement.scrollHeight), part);
      await expectGoodPage(page);
    }
  };
  /** The last thing of the page lies above the bar when the page is scrolled to its end. */
  const lastIsFree = async (last: Locator, bar: Locator) => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const [thing, dock] = [await last.boundingBox(), await bar.boundingBox()];
    expect((thing?.y ?? 0) + (thing?.height ?? 0)).toBeLessThanOrEqual(dock?.y ?? 0);
  };

  await test.step("on the import desk", async () => {
    await page.getByRole("checkbox", { name: "Chọn Phần I · Câu 1", exact: true }).check();
    const bar = page.getByRole("group", { name: "Đã chọn 1 câu" });
    await expect(bar).toBeInViewport({ ratio: 1 });
    await everywhere();
    await lastIsFree(page.getByRole("main").getByRole("article").last(), bar);
    await bar.getByRole("button", { name: t("questions.choose_none") }).click();
    await expect(bar).toHaveCount(0);
    await expect(page.getByRole("navigation", { name: t("nav.main") })).toBeVisible();
  });

  await test.step("in the bank, where levels are given to several and taken off again", async () => {
    await saveAll(page, "đề 1");
    await page.goto(`${lopmo.address}/questions`);
    await page.getByRole("checkbox", { name: t("questions.choose_shown") }).check();
    const bar = page.getByRole("group", { name: `Đã chọn ${paper.count} câu` });
    await everywhere();
    await lastIsFree(page.getByRole("main").getByRole("article").last(), bar);
    await bar.getByRole("button", { name: t("questions.classify") }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByRole("combobox", { name: t("questions.level") })
      .selectOption({ label: t("questions.level_vd") });
    await expectGoodPage(page);
    await dialog.getByRole("button", { name: t("action.save"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("main").getByRole("article").filter({ hasText: "VD" })).toHaveCount(
      paper.count,
    );
    await bar.getByRole("button", { name: t("questions.classify") }).click();
    await dialog.getByRole("checkbox", { name: t("questions.level") }).check();
    await dialog.getByRole("checkbox", { name: t("library.grade") }).check();
    await dialog.getByRole("button", { name: t("action.save"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("main").getByText("VD", { exact: true })).toHaveCount(1);
    await expect(page.getByRole("main").getByRole("article").filter({ hasText: "Lớp 10" })).toHaveCount(0);
  });
});
