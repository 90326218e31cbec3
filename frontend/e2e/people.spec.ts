import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  addPerson,
  addSettledPerson,
  anotherDevice,
  fillSignIn,
  head,
  openSchool,
  signIn,
} from "./support/school";
import type { Lopmo } from "./support/server";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

const roster = (rows: string[]) =>
  Buffer.from(`\uFEFFDANH SÁCH HỌC SINH;;;;\nSTT;Mã học sinh;Họ và tên;Ngày sinh;Lớp\n${rows.join("\n")}\n`);
const good = [
  "1;260001;Đỗ Minh Đức;07/04/2011;10A1",
  "2;260002;Ngô Hải Điệp;22/10/2010;10A1",
  "3;260003;Giàng Thị Ánh;19/04/2010;10A2",
];
const faulty = [...good, "4;260004;Hoàng Hải Yến;31/02/2011;10A1", "5;260001;Lê Gia Dung;05/05/2011;10A1"];

async function choose(page: Page, lopmo: Lopmo, name: string, buffer: Buffer): Promise<void> {
  await page.goto(`${lopmo.address}/manage/people/import`);
  await page
    .getByLabel(t("import.choose"))
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await expect(page.getByRole("heading", { name: t("import.columns") })).toBeVisible();
}

async function importRoster(page: Page, lopmo: Lopmo): Promise<void> {
  await choose(page, lopmo, "khoi-10.csv", roster(good));
  await page.getByRole("button", { name: "Nhập 3 người" }).click();
  await expect(page.getByRole("heading", { name: t("import.done") })).toBeVisible();
}

/** Opens a person's page from the list, by typing without diacritics. */
async function find(page: Page, lopmo: Lopmo, typed: string, name: string): Promise<void> {
  await page.goto(`${lopmo.address}/manage/people`);
  await page.getByLabel(t("people.search"), { exact: true }).fill(typed);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("a roster goes in only when every row is right, and a pupil signs in with the slip", async ({
  page,
  lopmo,
  browser,
}) => {
  await openSchool(page, lopmo);
  await page.goto(lopmo.address);
  await page.getByRole("link", { name: t("home.import_people") }).click();
  await expectGoodPage(page);
  await choose(page, lopmo, "khoi-10.csv", roster(faulty));
  await expect(page.getByText("2 trên 5 dòng cần sửa")).toBeVisible();
  await expect(page.getByText("“31/02/2011” không phải là ngày")).toBeVisible();
  await expect(page.getByText("Mã “260001” bị lặp lại trong tệp.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Nhập \d/ })).toHaveCount(0);
  await expectGoodPage(page);

  await importRoster(page, lopmo);
  await expect(page.getByText("3 người mới, 0 người được cập nhật.")).toBeVisible();
  await expectGoodPage(page);
  await page
    .getByRole("link", { name: t("people.title") })
    .last()
    .click();
  // By given name, as people here look for each other: Ánh, Điệp, Đức, and Tuyết at the end.
  await expect(page.getByRole("row").nth(1)).toContainText("Giàng Thị Ánh");
  await expect(page.getByRole("row").nth(2)).toContainText("Ngô Hải Điệp");
  await expect(page.getByRole("row").nth(3)).toContainText("Đỗ Minh Đức");
  await expectGoodPage(page);

  await page.getByRole("link", { name: t("slips.title") }).click();
  await page.getByLabel(t("people.class")).selectOption({ label: "10A1 (2)" });
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Tạo 2 phiếu" }).click();
  const slip = page.getByRole("listitem").filter({ hasText: "Đỗ Minh Đức" });
  await expect(slip).toContainText(lopmo.address);
  await expectGoodPage(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { level: 1 })).toBeHidden();
  await expect(slip).toBeVisible();
  const sheet = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(sheet.match(/\/Type \/Page\b/g), "one sheet for up to eight").toHaveLength(1);
  expect(sheet, "A4").toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12]/);
  await page.emulateMedia({ media: "screen" });
  const [username = "", password = ""] = await slip.locator(".secret").allInnerTexts();

  const pupil = await anotherDevice(browser, page);
  await signIn(pupil, lopmo, { username, password });
  await expect(pupil.getByRole("heading", { name: t("password.first_title") })).toBeVisible();
  await pupil.goto(`${lopmo.address}/library`);
  await expect(pupil.getByRole("heading", { name: t("password.first_title") })).toBeVisible();
  await pupil.getByLabel(t("password.current")).fill(password);
  await pupil.getByLabel(t("password.new")).fill("12345678");
  await pupil.getByRole("button", { name: t("password.save") }).click();
  await expect(pupil.getByText(t("field_problem.too-common"))).toBeVisible();
  await expectGoodPage(pupil);
  await pupil.getByLabel(t("password.new")).fill("con-trau-dau-nuoc");
  await pupil.getByRole("button", { name: t("password.save") }).click();
  await expect(pupil.getByRole("heading", { name: "Chào Đức" })).toBeVisible();
  await expectGoodPage(pupil);
});

test("the list of people comes back in as it went out, and takes nobody twice", async ({ page, lopmo }) => {
  await openSchool(page, lopmo);
  await importRoster(page, lopmo);
  await page.goto(`${lopmo.address}/manage/people?role=pupil`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t("people.export_xlsx") }).click(),
  ]);
  await choose(page, lopmo, "tai-ve.xlsx", readFileSync(await file.path()));
  await page.getByRole("button", { name: /^Nhập \d/ }).click();
  await expect(page.getByText(/^0 người mới/)).toBeVisible();
});

test("lists as schools export them are read", async ({ page, lopmo }) => {
  const samples = join(import.meta.dirname, "../../../shared/samples/rosters");
  test.skip(!existsSync(samples), "the sample lists are not on this machine");
  await openSchool(page, lopmo);
  for (const [name, counts] of [
    ["danh_sach_kieu_a.xlsx", "126 người mới, 0 người được cập nhật."],
    ["danh_sach_kieu_b.xlsx", "0 người mới, 126 người được cập nhật."],
  ] as const) {
    await choose(page, lopmo, name, readFileSync(join(samples, name)));
    await page.getByRole("button", { name: "Nhập 126 người" }).click();
    await expect(page.getByText(counts)).toBeVisible();
  }
  await choose(page, lopmo, "danh_sach_loi.csv", readFileSync(join(samples, "danh_sach_loi.csv")));
  await expect(page.getByText("6 trên 30 dòng cần sửa")).toBeVisible();
});

test("one person is looked after from the first password to the last trace", async ({
  page,
  lopmo,
  browser,
}) => {
  await openSchool(page, lopmo);
  await page.goto(`${lopmo.address}/manage/organisations`);
  await page.getByRole("button", { name: t("orgs.create") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t("orgs.name"), { exact: true }).fill("Điểm trường Ba Đình");
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("action.create"), exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Điểm trường Ba Đình" })).toBeVisible();
  await expectGoodPage(page);

  await page.goto(`${lopmo.address}/manage/people/new`);
  await page.getByLabel(t("people.role")).selectOption({ label: t("role.teacher") });
  await page.getByLabel(t("people.display_name")).fill("Phạm Thị Đoan Trang");
  await page.getByLabel(t("people.birth_date")).fill("31/02/1990");
  await page.getByRole("button", { name: t("people.create") }).click();
  await expect(page.getByText("“31/02/1990” không phải là ngày")).toBeVisible();
  await page.getByLabel(t("people.birth_date")).fill("7/3/1990");
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("people.create") }).click();
  await expect(page.getByText("trang.ptd")).toBeVisible();
  await expect(page.getByLabel(t("people.one_time_password"))).not.toBeEmpty();
  await expectGoodPage(page);
  await page.getByRole("link", { name: t("people.open") }).click();
  await expect(page.getByLabel(t("people.birth_date"))).toHaveValue("07/03/1990");

  await page.getByLabel(t("people.phone")).fill("12");
  await page.getByRole("button", { name: t("action.save"), exact: true }).click();
  await expect(page.getByText(t("field_problem.bad-phone"))).toBeVisible();
  await page.getByLabel(t("people.phone")).fill("0912 345 678");
  await page.getByLabel(t("people.guardians")).fill("Cha: Phạm Văn Đoan, 0987654321\nMẹ: Lê Thị Trang");
  await page.getByRole("button", { name: t("action.save"), exact: true }).click();
  await expect(page.getByText(t("action.saved"))).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(t("people.guardians"))).toHaveValue(
    "Cha: Phạm Văn Đoan, 0987654321\nMẹ: Lê Thị Trang",
  );

  await page.getByRole("button", { name: t("people.add_role") }).click();
  await dialog.getByLabel(t("people.role")).selectOption({ label: t("role.reviewer") });
  await dialog.getByRole("button", { name: t("action.add"), exact: true }).click();
  const roles = page
    .getByRole("listitem")
    .filter({ hasText: t("role.reviewer"), has: page.getByRole("button") });
  await roles.getByRole("button").click();
  await expect(roles).toHaveCount(0);
  await page
    .getByRole("button", { name: t("action.undo") })
    .last()
    .click();
  await expect(roles).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: t("people.make_link") }).click();
  const link = await page.getByLabel(t("people.link"), { exact: true }).inputValue();
  await expectGoodPage(page);
  await page.keyboard.press("Escape");
  const teacher = await anotherDevice(browser, page);
  await teacher.goto(link);
  await expect(teacher.getByText("trang.ptd")).toBeVisible();
  await expectGoodPage(teacher);
  await teacher.getByLabel(t("password.new")).fill("phan-trang-bang-den");
  await teacher.getByRole("button", { name: t("password.save") }).click();
  await expect(teacher.getByLabel(t("sign_in.login"))).toHaveValue("trang.ptd");
  await fillSignIn(teacher, "trang.ptd", "phan-trang-bang-den");
  await expect(teacher.getByRole("heading", { name: "Chào Trang" })).toBeVisible();
  const stranger = await anotherDevice(browser, page);
  await stranger.goto(link);
  await expect(stranger.getByText(t("password.link_gone"))).toBeVisible();

  await page.getByRole("button", { name: t("people.lock"), exact: true }).click();
  await expect(page.getByText(t("people.state_locked"))).toBeVisible();
  await stranger.goto(`${lopmo.address}/sign-in`);
  await fillSignIn(stranger, "trang.ptd", "phan-trang-bang-den");
  // Whether the account is locked is nobody's business: the same words as for a wrong password.
  await expect(stranger.getByText(t("error.wrong-credentials"))).toBeVisible();
  await page.getByRole("button", { name: t("people.unlock"), exact: true }).click();
  await expect(page.getByText(t("people.state_locked"))).toHaveCount(0);

  await page.getByRole("button", { name: t("people.transfer"), exact: true }).click();
  await dialog.getByRole("combobox", { name: t("people.transfer_to") }).fill("ba dinh");
  await page.getByRole("option", { name: /Ba Đình/ }).click();
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("people.transfer"), exact: true }).click();
  const history = page.getByRole("list").filter({ hasText: t("enrolment.transfer") });
  await expect(history).toContainText("Điểm trường Ba Đình");
  await expect(history).toContainText("Trường THPT Nguyễn Trãi");

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t("people.export") }).click(),
  ]);
  expect(readFileSync(await file.path(), "utf8")).toContain("Phạm Thị Đoan Trang");
  await page.getByRole("button", { name: t("people.erase"), exact: true }).click();
  await expect(dialog.getByRole("button", { name: t("people.erase"), exact: true })).toBeDisabled();
  await dialog.getByRole("textbox").fill("trang.ptd");
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("people.erase"), exact: true }).click();
  await expect(page).toHaveURL(`${lopmo.address}/manage/people`);
  await expect(page.getByRole("row")).toHaveCount(2);

  await page.goto(`${lopmo.address}/manage/audit`);
  await expect(page.getByRole("row").nth(1)).toContainText(t("audit_action.person.erased"));
  await expect(page.getByRole("table")).toContainText(t("audit_action.person.password-link-used"));
  await expect(page.getByRole("table")).not.toContainText("Đoan Trang");
  await expectGoodPage(page);
});

test("a class moves up and its pupils keep their history", async ({ page, lopmo }) => {
  await openSchool(page, lopmo);
  await importRoster(page, lopmo);
  await page.goto(`${lopmo.address}/manage/years`);
  await expect(page.getByText(t("years.no_next"))).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("years.create") }).click();
  const dialog = page.getByRole("dialog");
  const next = await dialog.getByLabel(t("years.name")).inputValue();
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("action.create"), exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.getByLabel(t("years.year"), { exact: true }).selectOption({ index: 1 });
  await expect(page.getByLabel("Tên mới của 10A1")).toHaveValue("11A1");
  await page.getByLabel("Tên mới của 10A2").fill("");
  await expect(page.getByText("2 học sinh lên lớp, 1 học sinh ra trường.")).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Cho 2 học sinh lên lớp" }).click();
  // The page goes along to the new year.
  await expect(page.getByRole("heading", { name: `Lớp của năm học ${next}` })).toBeVisible();
  await page.getByRole("link", { name: /^11A1/ }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("link", { name: "Đỗ Minh Đức", exact: true }).click();
  const history = page.getByRole("list").filter({ hasText: t("enrolment.moved_up") });
  await expect(history).toContainText("11A1");
  await expect(history).toContainText("10A1");
  await find(page, lopmo, "giang thi anh", "Giàng Thị Ánh");
  await expect(page.getByText(t("people.state_left"))).toBeVisible();
});

test("a session that ends over a page keeps what was typed", async ({ page, lopmo, browser }) => {
  await openSchool(page, lopmo);
  await page.goto(`${lopmo.address}/manage/people/new`);
  await page.getByLabel(t("people.display_name")).fill("Lý Thị Thu");
  const phone = await anotherDevice(browser, page);
  await signIn(phone, lopmo, head);
  await phone.goto(`${lopmo.address}/account`);
  const devices = phone.getByRole("listitem").filter({ hasText: "127.0.0.1" });
  await expect(devices).toHaveCount(2);
  await expectGoodPage(phone);
  await devices.getByRole("button", { name: t("action.sign_out") }).click();
  await expect(devices).toHaveCount(1);

  await page.getByRole("button", { name: t("people.create") }).click();
  const dialog = page.getByRole("dialog", { name: t("expired.title") });
  await expect(dialog).toBeVisible();
  await expectGoodPage(page);
  await dialog.getByLabel(t("sign_in.password"), { exact: true }).fill("sai-mat-khau-roi");
  await dialog.getByRole("button", { name: t("sign_in.submit"), exact: true }).click();
  await expect(dialog.getByText(t("error.wrong-credentials"))).toBeVisible();
  await dialog.getByLabel(t("sign_in.password"), { exact: true }).fill(head.password);
  await dialog.getByRole("button", { name: t("sign_in.submit"), exact: true }).click();
  await expect(page.getByText("Đã tạo tài khoản cho Lý Thị Thu")).toBeVisible();
});

test("guessing passwords is stopped, without telling which names exist", async ({ page, lopmo }) => {
  const school = await openSchool(page, lopmo);
  const pupil = await addPerson(page, lopmo, school, "pupil", "Nguyễn Văn Bình");
  await page.context().clearCookies();
  await page.goto(`${lopmo.address}/manage/people`);
  await expect(page.getByRole("heading", { name: t("sign_in.title") })).toBeVisible();
  const alert = page.getByRole("alert");
  for (const username of ["khong-co-ai", pupil.username]) {
    await fillSignIn(page, username, "doan-bua-thoi");
    await expect(alert).toHaveText(t("error.wrong-credentials"));
  }
  await expectGoodPage(page);
  for (let guess = 0; guess < 20; guess += 1) {
    const reply = await page.request.post(`${lopmo.address}/api/session`, {
      data: { login: pupil.username, password: `doan-${guess}` },
    });
    if (reply.status() === 429) break;
  }
  await fillSignIn(page, pupil.username, pupil.password);
  await expect(alert).toContainText("Sai quá nhiều lần");
  // The school shares an address: a guessed account shuts out nobody else, and the way leads on to the page asked for.
  await fillSignIn(page, head.username, head.password);
  await expect(page.getByRole("heading", { level: 1, name: t("people.title") })).toBeVisible();
});

test("each role finds its own places, and nothing of the others'", async ({ page, lopmo, browser }) => {
  const school = await openSchool(page, lopmo);
  const places = {
    school_head: ["nav.home", "nav.library", "nav.classes", "nav.tests", "nav.studio", "nav.questions", "nav.manage", "nav.me"],
    teacher: ["nav.home", "nav.library", "nav.classes", "nav.tests", "nav.studio", "nav.questions", "nav.me"],
    pupil: ["nav.home", "nav.library", "nav.classes", "nav.tests", "nav.me"],
    parent: ["nav.home", "nav.library", "nav.tests", "nav.me"],
  } as const;
  // A phone's bar has room for five: whoever has more finds the account and the first page at the top.
  const wide = (page.viewportSize()?.width ?? 0) > 600;
  const closed = {
    school_head: ["people", "jobs"],
    teacher: ["people", "audit", "organisations"],
    pupil: ["", "people", "../studio"],
    parent: ["", "years", "../studio"],
  };
  for (const role of ["school_head", "teacher", "pupil", "parent"] as const) {
    const account = await addSettledPerson(page, lopmo, school, role, "Trần Quốc Toản");
    const theirs = await anotherDevice(browser, page);
    await signIn(theirs, lopmo, account);
    await expect(theirs.getByRole("heading", { name: "Chào Toản" })).toBeVisible();
    await expect(theirs.getByRole("navigation", { name: t("nav.main") }).getByRole("link")).toHaveCount(
      wide ? places[role].length : Math.max(Math.min(5, places[role].length), places[role].length - 2),
    );
    await expectGoodPage(theirs);
    for (const path of closed[role]) {
      await theirs.goto(new URL(`/manage/${path}`, lopmo.address).href);
      await expect(theirs.getByRole("heading", { level: 1, name: t("error.page_title") })).toBeVisible();
    }
    await expectGoodPage(theirs);
    await theirs.context().close();
  }
});

test("language and look follow the account, and signing out everywhere is everywhere", async ({
  page,
  lopmo,
  browser,
}) => {
  await openSchool(page, lopmo);
  await page.goto(`${lopmo.address}/account`);
  await page.getByLabel(t("theme.label"), { exact: true }).selectOption({ label: t("theme.dark") });
  await expectGoodPage(page);
  await page.getByLabel(t("language.label"), { exact: true }).selectOption({ label: "English" });
  await expect(page.getByRole("heading", { level: 1, name: "My account" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByLabel("E-mail").fill("tuyet@nguyentrai.edu.vn");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download my data" }).click(),
  ]);
  expect(readFileSync(await file.path(), "utf8")).toContain("tuyet@nguyentrai.edu.vn");

  const other = await anotherDevice(browser, page);
  await signIn(other, lopmo, { username: "Tuyet@NguyenTrai.edu.vn", password: head.password });
  await expect(other.getByRole("heading", { level: 1, name: "Hello Tuyết" })).toBeVisible();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await expectGoodPage(other);
  for (const path of ["manage", "manage/jobs", "manage/people", "manage/organisations", "manage/audit"]) {
    await other.goto(`${lopmo.address}/${path}`);
    await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
    await expectGoodPage(other);
  }

  await page.getByRole("button", { name: "Sign out on all devices" }).click();
  await expect(page).toHaveURL(`${lopmo.address}/sign-in`);
  await other.goto(`${lopmo.address}/account`);
  await expect(other).toHaveURL(/\/sign-in\?next=/);
});
