import { test, type Browser, type Page } from "@playwright/test";
import { join } from "node:path";
import { desk, phone } from "./support/screens";
import { Lopmo } from "./support/server";

const folder = join(import.meta.dirname, "../../infra/screenshots");
const PASSWORD = "lopmo-demo";

test("the pictures of the README", async ({ browser }) => {
  const lopmo = await Lopmo.start("--demo");
  await lopmo.work();
  try {
    const pupil = await signedIn(browser, lopmo, "hien.do", phone);
    await shoot(pupil, `${lopmo.address}/library`, "library-phone");
    const found = (await (await pupil.request.get(`${lopmo.address}/api/library`)).json()) as { items: { id: string }[] };
    await shoot(pupil, `${lopmo.address}/lessons/${found.items[0]?.id}`, "lesson-phone");
    const teacher = await signedIn(browser, lopmo, "thay.minh", desk);
    await shoot(teacher, `${lopmo.address}/library`, "library-desk");
    await shoot(teacher, `${lopmo.address}/studio`, "studio-desk");
    const administrator = await signedIn(browser, lopmo, "quan.tri", desk);
    await shoot(administrator, `${lopmo.address}/manage/people`, "people-desk");
  } finally {
    await lopmo.stop();
  }
});

async function signedIn(browser: Browser, lopmo: Lopmo, login: string, screen: typeof desk): Promise<Page> {
  const context = await browser.newContext({ ...screen, locale: "vi-VN" });
  const reply = await context.request.post(`${lopmo.address}/api/session`, { data: { login, password: PASSWORD } });
  if (!reply.ok()) throw new Error(`${login}: ${reply.status()} ${await reply.text()}`);
  return context.newPage();
}

async function shoot(page: Page, address: string, name: string): Promise<void> {
  await page.goto(address, { waitUntil: "networkidle" });
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.screenshot({ path: join(folder, `${name}.png`), scale: "css" });
}
