import { expect, test, type Browser, type Page } from "@playwright/test";
import { join } from "node:path";
import { nastyPaper } from "./support/paper";
import { desk, phone } from "./support/screens";
import { Lopmo } from "./support/server";

const folder = join(import.meta.dirname, "../../infra/screenshots");
const PASSWORD = "lopmo-demo";

test("the pictures of the README", async ({ browser }) => {
  const lopmo = await Lopmo.start("--demo");
  await lopmo.work();
  try {
    const teacher = await signedIn(browser, lopmo, "thay.minh", desk);
    // The film's picture comes once the film has been looked at.
    await expect(async () => {
      await teacher.goto(`${lopmo.address}/library`, { waitUntil: "networkidle" });
      const seen = await teacher
        .locator("main img")
        .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);
      expect(seen).toBe(2);
    }).toPass();
    await shoot(teacher, `${lopmo.address}/library`, "library-desk");
    await shoot(teacher, `${lopmo.address}/studio`, "studio-desk");
    const pupil = await signedIn(browser, lopmo, "hien.do", phone);
    await shoot(pupil, `${lopmo.address}/library`, "library-phone");
    const found = (await (await pupil.request.get(`${lopmo.address}/api/library`)).json()) as {
      items: { id: string }[];
    };
    await shoot(pupil, `${lopmo.address}/lessons/${found.items[0]?.id}`, "lesson-phone");
    const folders = (await (await teacher.request.get(`${lopmo.address}/api/question-folders`)).json()) as {
      items: { id: string; name: string }[];
    };
    const maths = folders.items.find((folder) => folder.name === "Toán 10");
    await shoot(teacher, `${lopmo.address}/questions?folder=${maths?.id}`, "questions-desk");
    await shoot(teacher, await imported(teacher, lopmo), "import-desk", () =>
      teacher.getByRole("button", { name: /^Chỗ cần xem/ }).click(),
    );
    const administrator = await signedIn(browser, lopmo, "quan.tri", desk);
    await shoot(administrator, `${lopmo.address}/manage/people`, "people-desk");
  } finally {
    await lopmo.stop();
  }
});

async function signedIn(browser: Browser, lopmo: Lopmo, login: string, screen: typeof desk): Promise<Page> {
  const context = await browser.newContext({ ...screen, locale: "vi-VN" });
  const reply = await context.request.post(`${lopmo.address}/api/session`, {
    data: { login, password: PASSWORD },
  });
  if (!reply.ok()) throw new Error(`${login}: ${reply.status()} ${await reply.text()}`);
  return context.newPage();
}

/** A nasty paper, read; gives where its desk is. */
async function imported(page: Page, lopmo: Lopmo): Promise<string> {
  const organisations = (await (await page.request.get(`${lopmo.address}/api/organisations`)).json()) as {
    items: { id: string; can_author: boolean }[];
  };
  const place = organisations.items.find((each) => each.can_author)?.id ?? "";
  const filename = encodeURIComponent("De-kiem-tra-cuoi-ki-Toan-10.docx");
  const sent = await page.request.post(
    `${lopmo.address}/api/question-imports?organisation=${place}&filename=${filename}`,
    { data: nastyPaper(), headers: { "content-type": "application/octet-stream" } },
  );
  if (!sent.ok()) throw new Error(`${sent.status()} ${await sent.text()}`);
  const { id } = (await sent.json()) as { id: string };
  const desk = `${lopmo.address}/questions/import/${id}`;
  await page.goto(desk);
  await page.getByRole("tablist").waitFor({ timeout: 60_000 });
  return desk;
}

async function shoot(
  page: Page,
  address: string,
  name: string,
  act = () => Promise.resolve(),
): Promise<void> {
  await page.goto(address, { waitUntil: "networkidle" });
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await act();
  await page.screenshot({ path: join(folder, `${name}.png`), scale: "css" });
}
