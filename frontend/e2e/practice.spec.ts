// Practice with an answer at once, and what lies beside a question: scratch paper and a calculator.
import { anotherDevice, signIn } from "./support/school";
import { begin, choice, expect, give, heading, next, pupils, saved, teacher, test } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const questions = [1, 2].map((n) =>
  choice({ stem: `Câu ${n} hỏi gì?`, options: [`đúng ${n}`, `sai ${n} a`, `sai ${n} b`], explanation: `Vì sao câu ${n} như vậy` }),
);
const order = { shuffle: { questions: false, options: false } };

test("in practice the pupil asks and is told at once, right or wrong, and why", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const settings = { ...order, mode: "practice", show_answers: { when: "at_once" }, show_explanations: { when: "at_once" } };
  const { id } = await give(page, lopmo, "Luyện tập", questions, settings);
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  await begin(hers, lopmo, id);
  const check = hers.getByRole("button", { name: t("sitting.check"), exact: true });
  await expect(check).toBeDisabled();
  await hers.getByRole("radio", { name: /sai 1 a/ }).check();
  await check.click();
  await expect(hers.getByText(t("sitting.check_wrong"))).toBeVisible();
  await expect(hers.getByText("Đáp án: A")).toBeVisible();
  await expect(hers.getByText("Vì sao câu 1 như vậy")).toBeVisible();
  await expectGoodPage(hers);
  // Another answer is asked for anew.
  await hers.getByRole("radio", { name: /đúng 1/ }).check();
  await expect(hers.getByText(t("sitting.check_wrong"))).toBeHidden();
  await check.click();
  await expect(hers.getByText(t("sitting.check_right"))).toBeVisible();
  await expectGoodPage(hers);
  // Without network nothing is told, and nothing is lost.
  await next(hers).click();
  await expect(heading(hers, 2)).toBeVisible();
  await hers.route("**/api/sitting/**", (route) => route.abort());
  await hers.getByRole("radio").first().check();
  await check.click();
  await expect(hers.getByText(t("sitting.check_offline"))).toBeVisible({ timeout: 20_000 });
  await expectGoodPage(hers);
});

test("scratch paper stays on the device, and the calculator reckons by keys and by keyboard", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const { id } = await give(page, lopmo, "Có máy tính", questions, { ...order, calculator: true });
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  const sent: string[] = [];
  hers.on("request", (request) => sent.push(request.postData() ?? ""));
  await begin(hers, lopmo, id);
  await expect(hers.getByRole("button", { name: t("sitting.check"), exact: true })).toHaveCount(0);
  await expectGoodPage(hers);

  await hers.getByRole("button", { name: t("sitting.calculator"), exact: true }).click();
  const calculator = hers.getByRole("dialog", { name: t("sitting.calculator") });
  for (const key of ["0", t("sitting.calc_comma"), "1", t("sitting.calc_plus"), "0", t("sitting.calc_comma"), "2", t("sitting.calc_equals")])
    await calculator.getByRole("button", { name: key, exact: true }).click();
  await expect(calculator.getByLabel(t("sitting.calculator_result"))).toHaveText("0,3");
  await expectGoodPage(hers);
  const field = calculator.getByLabel(t("sitting.calculator_input"));
  await field.fill("");
  await field.pressSequentially("2*(3+4)/0");
  await expect(field).toHaveValue("2×(3+4)÷0");
  await hers.keyboard.press("Enter");
  await expect(calculator.getByLabel(t("sitting.calculator_result"))).toHaveText(t("sitting.calc_fault_zero"));
  await hers.keyboard.press("Backspace");
  await hers.keyboard.type("4");
  await hers.keyboard.press("Enter");
  await expect(calculator.getByLabel(t("sitting.calculator_result"))).toHaveText("3,5");
  await hers.keyboard.press("Escape");
  await expect(calculator).toBeHidden();

  const open = () => hers.getByRole("button", { name: t("sitting.scratch"), exact: true }).click();
  await open();
  const pad = hers.getByRole("dialog", { name: "Nháp câu 1" });
  const stroke = async (dx: number) => {
    const box = (await pad.getByRole("img").boundingBox())!;
    await hers.mouse.move(box.x + 30, box.y + 40);
    await hers.mouse.down();
    await hers.mouse.move(box.x + 30 + dx, box.y + 90, { steps: 5 });
    await hers.mouse.up();
  };
  await stroke(60);
  await stroke(120);
  await expect(pad.getByRole("img", { name: "Chỗ vẽ nháp, đã có 2 nét" })).toBeVisible();
  await pad.getByRole("button", { name: t("sitting.scratch_undo") }).click();
  await pad.getByLabel(t("sitting.scratch_notes")).fill("thử bằng tay BIMAT");
  await expectGoodPage(hers);
  await hers.keyboard.press("Escape");
  // Each question has its own.
  await next(hers).click();
  await open();
  await expect(hers.getByRole("dialog", { name: "Nháp câu 2" }).getByRole("img", { name: "đã có 0 nét" })).toBeVisible();
  await hers.keyboard.press("Escape");
  await hers.getByRole("radio").first().check();
  await expect(saved(hers)).toBeVisible();
  await hers.reload();
  await expect(heading(hers, 1)).toBeVisible();
  await open();
  await expect(pad.getByRole("img", { name: "đã có 1 nét" })).toBeVisible();
  await expect(pad.getByLabel(t("sitting.scratch_notes"))).toHaveValue("thử bằng tay BIMAT");
  expect(sent.join()).not.toContain("BIMAT");
  await pad.getByRole("button", { name: t("sitting.scratch_clear") }).click();
  await expect(pad.getByRole("img", { name: "đã có 0 nét" })).toBeVisible();
});
