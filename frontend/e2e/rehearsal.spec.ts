import { signIn } from "./support/school";
import { choice, expect, give, teacher, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const asked = ["một", "hai", "ba"].map((word) => choice({ stem: `Câu ${word}`, options: ["đúng", "sai", "không biết", "không rõ"] }));

test("a rehearsal plays the test with synthetic pupils, says whether it holds, and leaves nothing but its report", async ({ page, lopmo }) => {
  await signIn(page, lopmo, teacher);
  const given = await give(page, lopmo, "Bài sắp thi", asked);
  await page.goto(`${lopmo.address}/tests/${given.id}`);
  await page.getByRole("button", { name: t("action.actions"), exact: true }).click();
  await page.getByRole("menuitem", { name: t("rehearsal.menu") }).click();
  const dialog = page.getByRole("dialog", { name: t("rehearsal.title") });
  await dialog.getByLabel(t("rehearsal.students")).fill("2000");
  await dialog.getByRole("button", { name: t("rehearsal.begin") }).click();
  await expect(dialog.getByText(t("rehearsal.students_range"))).toBeVisible();
  await dialog.getByLabel(t("rehearsal.students")).fill("20");
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("rehearsal.begin") }).click();
  await expect(dialog.getByText("20 em đang thi thử")).toBeVisible();
  await expectGoodPage(page);
  const report = dialog.getByRole("region", { name: t("rehearsal.report") });
  await expect(report).toBeVisible({ timeout: 180_000 });
  // Every answer of every pupil came back; how fast is this machine's matter.
  for (const part of [t("rehearsal.part_start"), t("rehearsal.part_sit"), t("rehearsal.part_hand_in"), t("rehearsal.part_result")]) {
    await expect(report.getByRole("row", { name: part }).getByRole("cell").last()).toHaveText("0");
  }
  await expectGoodPage(page);
  await dialog.getByRole("button", { name: t("action.close") }).click();
  // The synthetic pupils are no pupils: nobody has begun.
  await page.getByRole("tab", { name: t("tests.tab_paper") }).click();
  await expect(page.getByText(t("tests.begun"))).toBeHidden();
});
