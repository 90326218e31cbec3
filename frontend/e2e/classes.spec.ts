import type { Page } from "@playwright/test";
import { addSettledPerson, anotherDevice, openSchool, signIn, type Account } from "./support/school";
import type { Lopmo } from "./support/server";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

interface School {
  teacher: Account;
  pupils: Account[];
}

/** A school with an administrative class of three, and a teacher who is signed in on the page. */
async function begin(page: Page, lopmo: Lopmo): Promise<School> {
  const school = await openSchool(page, lopmo);
  const api = `${lopmo.address}/api`;
  const years = await page.request.get(`${api}/organisations/${school}/years`);
  const { items } = (await years.json()) as { items: { id: string; current: boolean }[] };
  const year_id = items.find((year) => year.current)?.id ?? items[0]?.id;
  const group = await page.request.post(`${api}/organisations/${school}/class-groups`, {
    data: { year_id, name: "10A1" },
  });
  const { id: class_group_id } = (await group.json()) as { id: string };
  for (const name of ["Đỗ Minh Đức", "Ngô Hải Điệp", "Giàng Thị Ánh"]) {
    const made = await page.request.post(`${api}/people`, {
      data: { organisation_id: school, role: "pupil", display_name: name, class_group_id },
    });
    expect(made.status(), await made.text()).toBe(201);
  }
  const pupils = [
    await addSettledPerson(page, lopmo, school, "pupil", "Lê Gia Bảo"),
    await addSettledPerson(page, lopmo, school, "pupil", "Vũ Thu Trang"),
  ];
  await addSettledPerson(page, lopmo, school, "teacher", "Hồ Văn Lâm");
  const teacher = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Thị Mai");
  await page.request.delete(`${api}/session`);
  await signIn(page, lopmo, teacher);
  return { teacher, pupils };
}

const tab = (page: Page, name: Parameters<typeof t>[0]) =>
  page
    .getByRole("tablist", { name: t("classes.tabs") })
    .getByRole("tab", { name: new RegExp(`^${t(name)}`) });
const names = (page: Page) =>
  page.getByRole("list", { name: t("classes.tab_members") }).getByRole("listitem");

test("a teacher makes a class of 10A1, pupils come in by the code, and what was done is undone", async ({
  page,
  lopmo,
  browser,
}) => {
  const { pupils } = await begin(page, lopmo);
  await page.goto(lopmo.address);
  await page
    .getByRole("navigation", { name: t("nav.main") })
    .getByRole("link", { name: t("nav.classes") })
    .locator("visible=true")
    .click();
  await expect(page.getByRole("heading", { name: t("classes.empty") })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("classes.create") }).click();
  const form = page.getByRole("dialog", { name: t("classes.create") });
  await form.getByLabel(t("classes.fill_from")).selectOption({ label: "10A1 (3 học sinh)" });
  await expect(form.getByLabel(t("classes.name"))).toHaveValue("10A1");
  await form.getByLabel(t("classes.name")).fill("Toán 10A1");
  await form.getByLabel(t("classes.subject")).selectOption({ label: "Toán" });
  await expectGoodPage(page);
  await form.getByRole("button", { name: t("classes.create") }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Toán 10A1" })).toBeVisible();
  // By given name, đ after d: Ánh, Điệp, Đức.
  await expect(names(page)).toHaveText([/Giàng Thị Ánh/, /Ngô Hải Điệp/, /Đỗ Minh Đức/]);
  await expectGoodPage(page);

  // The code, as a picture that leads to the page a phone opens.
  await page.getByRole("button", { name: t("classes.join_code") }).click();
  const dialog = page.getByRole("dialog", { name: t("classes.join_code") });
  await expect(dialog.getByRole("img", { name: "Mã QR mở trang vào lớp Toán 10A1" })).toBeVisible();
  const link = (await dialog.getByText(/\/join\/[A-Z0-9]{6}$/).textContent()) ?? "";
  expect(link.trim()).toMatch(new RegExp(`^${lopmo.address}/join/[A-Z0-9]{6}$`));
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("action.close") }).click();

  // A pupil who is signed out follows the link, signs in on the way, and is in.
  const phone = await anotherDevice(browser, page);
  await phone.goto(link.trim());
  await phone.getByLabel(t("sign_in.login")).fill(pupils[0]?.username ?? "");
  await phone.getByLabel(t("sign_in.password"), { exact: true }).fill(pupils[0]?.password ?? "");
  await phone.getByRole("button", { name: t("sign_in.submit"), exact: true }).click();
  await expect(phone.getByRole("heading", { name: "Toán 10A1" })).toBeVisible();
  await expectGoodPage(phone);
  await phone.getByRole("button", { name: "Vào lớp Toán 10A1" }).click();
  await expect(phone.getByRole("heading", { level: 1, name: "Toán 10A1" })).toBeVisible();
  await expect(names(phone)).toHaveCount(4);
  await expect(phone.getByRole("button", { name: t("classes.join_code") })).toHaveCount(0);
  await expectGoodPage(phone);

  // From now on everybody waits for the teacher; the next pupil types the code.
  await page.getByRole("button", { name: t("classes.join_code") }).click();
  await dialog.getByLabel(t("classes.join_policy")).selectOption({ label: t("classes.join_approve") });
  await expect(dialog.getByText(t("classes.join_approve_hint"))).toBeVisible();
  await dialog.getByRole("button", { name: t("action.close") }).click();
  await phone.request.delete(`${lopmo.address}/api/session`);
  await signIn(phone, lopmo, pupils[1] ?? { username: "", password: "" });
  await phone.goto(`${lopmo.address}/classes`);
  await expect(phone.getByRole("heading", { name: t("classes.empty_pupil") })).toBeVisible();
  await expectGoodPage(phone);
  const code = link.trim().slice(-6);
  await phone.getByLabel(t("join.code")).fill(`${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  await phone.getByRole("button", { name: t("join.next") }).click();
  await phone.getByRole("button", { name: "Xin vào lớp Toán 10A1" }).click();
  await expect(phone.getByText(t("join.waiting"))).toBeVisible();
  await expectGoodPage(phone);
  await page.reload();
  await page.getByRole("button", { name: "Nhận Vũ Thu Trang vào lớp" }).click();
  await expect(names(page)).toHaveCount(5);
  await phone.goto(`${lopmo.address}/classes`);
  await phone.getByRole("link", { name: /Toán 10A1/ }).click();
  await expect(names(phone)).toHaveCount(5);

  // Removing takes one step, and so does taking it back.
  await page.getByRole("button", { name: "Đưa Lê Gia Bảo ra khỏi lớp" }).click();
  await expect(names(page)).toHaveCount(4);
  await expectGoodPage(page);
  await page
    .getByRole("button", { name: t("action.undo") })
    .last()
    .click();
  await expect(names(page)).toHaveCount(5);
});

test("a pasted list tells whom it does not know, teams are made, a colleague is added, the class is put away", async ({
  page,
  lopmo,
}) => {
  await begin(page, lopmo);
  await page.goto(`${lopmo.address}/classes`);
  await page.getByRole("button", { name: t("classes.create") }).click();
  await page.getByLabel(t("classes.name")).fill("Bồi dưỡng Toán");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("classes.create") })
    .click();
  await expect(page.getByRole("heading", { name: t("classes.no_members") })).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: t("classes.add_members") }).click();
  const sheet = page.getByRole("dialog", { name: t("classes.add_members") });
  await expect(sheet.getByRole("button", { name: "Thêm 3 học sinh" })).toBeVisible();
  await expectGoodPage(page);
  await sheet.getByRole("tab", { name: t("classes.add_search") }).click();
  await sheet.getByLabel(t("classes.add_search_label")).fill("gia bao");
  await sheet.getByRole("button", { name: "Thêm Lê Gia Bảo" }).click();
  await expect(sheet.getByText(t("classes.add_in"))).toBeVisible();
  await expectGoodPage(page);
  await sheet.getByRole("tab", { name: t("classes.add_list") }).click();
  await sheet
    .getByRole("textbox", { name: t("classes.add_list_text") })
    .fill("1. Đỗ Minh Đức\n2. Ngo Hai Diep\n3. Người Lạ Mặt");
  await sheet.getByRole("button", { name: t("classes.add_list_do") }).click();
  await expect(sheet.getByText("1 dòng chưa rõ là ai")).toBeVisible();
  await expect(sheet.getByText("Người Lạ Mặt: không có ở trường")).toBeVisible();
  await expectGoodPage(page);
  await sheet.getByRole("button", { name: t("action.close") }).click();
  await expect(names(page)).toHaveText([/Lê Gia Bảo/, /Ngô Hải Điệp/, /Đỗ Minh Đức/]);

  await tab(page, "classes.tab_teams").click();
  await expectGoodPage(page);
  await page.getByRole("button", { name: t("classes.team_create") }).click();
  const team = page.getByRole("dialog", { name: t("classes.team_create") });
  await team.getByLabel(t("classes.team_name")).fill("Tổ 1");
  await team.getByLabel("Lê Gia Bảo").check();
  await expectGoodPage(page);
  await team.getByRole("button", { name: t("classes.team_create") }).click();
  await expect(page.getByRole("heading", { name: "Tổ 1 (1)" })).toBeVisible();
  await page.getByRole("button", { name: "Xoá Tổ 1" }).click();
  await expect(page.getByRole("heading", { name: t("classes.no_teams") })).toBeVisible();
  await page
    .getByRole("button", { name: t("action.undo") })
    .last()
    .click();
  await expect(page.getByRole("heading", { name: "Tổ 1 (1)" })).toBeVisible();
  await expectGoodPage(page);

  await tab(page, "classes.tab_staff").click();
  await page.getByRole("button", { name: t("classes.teacher_add") }).click();
  const staff = page.getByRole("dialog", { name: t("classes.teacher_add") });
  await staff.getByLabel(t("classes.teacher_username")).fill("khong.co.ai");
  await staff.getByRole("button", { name: t("classes.teacher_invite") }).click();
  await expect(staff.getByText(t("classes.teacher_unknown"))).toBeVisible();
  await staff.getByLabel(t("classes.teacher_find")).fill("lam");
  await expectGoodPage(page);
  await staff.getByRole("button", { name: "Hồ Văn Lâm" }).click();
  await expect(page.getByRole("button", { name: "Giao lớp cho Hồ Văn Lâm" })).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: t("action.actions") }).click();
  await page.getByRole("menuitem", { name: t("classes.archive") }).click();
  await expect(page.getByText(t("classes.is_archived"))).toBeVisible();
  await expectGoodPage(page);
  await page.goto(`${lopmo.address}/classes`);
  await expect(page.getByRole("heading", { name: t("classes.empty") })).toBeVisible();
});

test("wrong codes open nothing, and too many of them have to wait", async ({ page, lopmo }) => {
  const { pupils } = await begin(page, lopmo);
  await page.request.delete(`${lopmo.address}/api/session`);
  await signIn(page, lopmo, pupils[0] ?? { username: "", password: "" });
  await page.goto(`${lopmo.address}/join`);
  await page.getByLabel(t("join.code")).fill("abc");
  await page.getByRole("button", { name: t("join.next") }).click();
  await expect(page.getByText(t("join.bad_code"))).toBeVisible();
  await expectGoodPage(page);
  for (let tries = 0; tries < 5; tries++) {
    await page.goto(`${lopmo.address}/join/AAAAA${tries + 3}`);
    await expect(page.getByRole("heading", { name: t("join.unknown") })).toBeVisible();
  }
  await expectGoodPage(page);
  await page.goto(`${lopmo.address}/join/AAAAAB`);
  await expect(page.getByText(/Sai mã quá nhiều lần/)).toBeVisible();
  await expectGoodPage(page);
});
