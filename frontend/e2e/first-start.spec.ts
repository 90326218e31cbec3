import { t } from "./support/words";
import { expect, expectGoodPage, test } from "./support/test";

test("the first visitor with the token from the log becomes the administrator, once", async ({
  page,
  lopmo,
}) => {
  await page.goto(lopmo.setupLink);
  await expectGoodPage(page);
  await page.getByLabel(t("setup.school")).fill("Trường THPT Nguyễn Trãi");
  await page.getByLabel(t("setup.name")).fill("Đặng Thị Ánh Tuyết");
  await page.getByLabel(t("people.username")).fill("tuyet");
  await page.getByLabel(t("sign_in.password"), { exact: true }).fill("mua-thu-ha-noi");
  const link = lopmo.setupLink;
  await page.getByRole("button", { name: t("setup.submit") }).click();
  await expect(page).toHaveURL(`${lopmo.address}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectGoodPage(page);

  const again = await page.request.post(`${lopmo.address}/api/setup`, {
    data: {
      token: link.split("token=")[1],
      school_name: "Trường khác",
      display_name: "Kẻ Lạ",
      username: "kela",
      password: "mua-thu-ha-noi",
    },
  });
  expect(again.status()).toBe(409);
});
