import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as files from "./support/files";
import * as write from "./support/lesson";
import { addSettledPerson, anotherDevice, openSchool, signIn } from "./support/school";
import { expect, expectGoodPage, test } from "./support/test";
import { t } from "./support/words";

test("the head sees whose files fill the school's space, and clears away what no lesson needs", async ({
  page,
  lopmo,
  browser,
}) => {
  const school = await openSchool(page, lopmo);
  const limited = await page.request.patch(`${lopmo.address}/api/organisations/${school}`, {
    data: { quota_bytes: 3_000_000 },
  });
  expect(limited.status()).toBe(200);
  const head = await addSettledPerson(page, lopmo, school, "school_head", "Lương Thị Bích Ngọc");
  const teacher = await addSettledPerson(page, lopmo, school, "teacher", "Nguyễn Quang Minh");
  await lopmo.work();
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, teacher);
  const spare = join(lopmo.data, "quay-thu.bin");
  writeFileSync(spare, Buffer.alloc(2_800_000, 7));
  await files.sendFile(hers, lopmo, school, spare);
  const picture = await files.sendFile(hers, lopmo, school, write.picture);
  await files.expectReady(hers, lopmo, picture);
  await files.publishLesson(hers, lopmo, school, "Đồ thị", [
    { type: "image", attrs: { asset: picture, alt: "Đồ thị" } },
  ]);

  await page.context().clearCookies();
  await signIn(page, lopmo, head);
  await page
    .getByRole("link", { name: t("nav.manage"), exact: true })
    .first()
    .click();
  await expectGoodPage(page);
  await page.getByRole("link", { name: t("files.title") }).click();
  const rows = page.getByRole("row").filter({ hasText: "Nguyễn Quang Minh" });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("quay-thu.bin");
  await expect(rows.first()).toContainText("2,8 MB");
  await expect(page.getByText(t("files.nearly_full"))).toBeVisible();
  await expectGoodPage(page);
  await page.getByLabel(t("library.sort")).selectOption({ label: t("library.newest") });
  await expect(rows.first()).toContainText("do-thi-v-t.png");

  const dialog = page.getByRole("dialog", { name: t("files.delete_title") });
  await rows
    .first()
    .getByRole("button", { name: t("action.delete") })
    .click();
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("action.delete") }).click();
  await expect(page.getByText("Tệp đang được dùng trong bài giảng: Đồ thị")).toBeVisible();
  await page
    .getByRole("status")
    .getByRole("button", { name: t("action.close") })
    .click();
  await rows
    .last()
    .getByRole("button", { name: t("action.delete") })
    .click();
  await dialog.getByRole("button", { name: t("action.delete") }).click();
  await expect(page.getByText("Đã xoá quay-thu.bin")).toBeVisible();
  await expect(rows).toHaveCount(1);
  await expect(page.getByText(t("files.nearly_full"))).toHaveCount(0);
});
