// A phone in a room without network: the page comes back by itself, and what lies on the phone tells nothing.
import type { Page } from "@playwright/test";
import { anotherDevice, signIn } from "./support/school";
import { begin, choice, expect, give, handIn, heading, next, pupils, saved, teacher, test, type Asked } from "./support/sitting";
import { expectGoodPage } from "./support/test";
import { t } from "./support/words";

const TITLE = "Kiểm tra khi mất mạng";
const SECRET = "LỜI-GIẢI-BÍ-MẬT";
const right = (n: number) => `phương án số ${n} cần tìm`;
const asked = (n: number): Asked => ({
  stem: `Câu hỏi ${n}?`,
  options: [right(n), `nhiễu ${n} một`, `nhiễu ${n} hai`, `nhiễu ${n} ba`],
  explanation: `${SECRET} ${n}`,
});
const questions = (count: number) => Array.from({ length: count }, (_, at) => choice(asked(at + 1)));
/** The page has said that it will be there without network. */
const kept = (page: Page) =>
  expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), { timeout: 30_000 })
    .toBe("activated");

test("without network and after the battery died the page comes back with its answers, and all are sent later", async ({
  page,
  lopmo,
  browser,
}) => {
  await signIn(page, lopmo, teacher);
  const { id } = await give(page, lopmo, TITLE, questions(3), { shuffle: { questions: false, options: false } });
  let hers = await anotherDevice(browser, page);
  const phone = hers.context();
  await signIn(hers, lopmo, pupils[0]!);
  await begin(hers, lopmo, id);
  await kept(hers);
  await hers.getByRole("radio").first().check();
  await expect(saved(hers)).toBeVisible();

  // Not only her line: the server is gone.
  await lopmo.killServer();
  await phone.setOffline(true);
  await next(hers).click();
  await hers.getByRole("radio").nth(1).check();
  await expect(hers.getByText("Chưa gửi: 1 câu")).toBeVisible();
  await hers.reload();
  await expect(heading(hers, 1)).toBeVisible({ timeout: 30_000 });
  await expect(hers.getByRole("radio").first()).toBeChecked();
  await expectGoodPage(hers);
  // The battery dies: nothing is closed in order. Another page of the same phone opens the address again.
  await hers.close({ runBeforeUnload: false });
  hers = await phone.newPage();
  await hers.goto(`${lopmo.address}/sit/${id}`);
  await expect(heading(hers, 1)).toBeVisible({ timeout: 30_000 });
  await next(hers).click();
  await expect(hers.getByRole("radio").nth(1)).toBeChecked();
  await next(hers).click();
  await hers.getByRole("radio").nth(2).check();
  await expect(hers.getByText("Chưa gửi: 2 câu")).toBeVisible();

  await lopmo.serve("--demo");
  await phone.setOffline(false);
  await expect(saved(hers)).toBeVisible({ timeout: 60_000 });
  await handIn(hers);
  await expect(hers.getByText("3 câu")).toBeVisible();
});

test("by the link it comes back without network too", async ({ page, lopmo, browser }) => {
  await signIn(page, lopmo, teacher);
  const { link } = await give(page, lopmo, TITLE, questions(2), {}, [{ name: "Trần Thị Ánh" }]);
  const hers = await anotherDevice(browser, page);
  await hers.goto(`${lopmo.address}/t/${link}`);
  await hers.getByRole("radio", { name: "Trần Thị Ánh" }).check();
  await hers.getByRole("button", { name: t("sitting.begin") }).click();
  await expect(heading(hers, 1)).toBeVisible();
  await kept(hers);
  await hers.getByRole("radio").first().check();
  await expect(saved(hers)).toBeVisible();
  await lopmo.killServer();
  await hers.context().setOffline(true);
  await hers.reload();
  await expect(heading(hers, 1)).toBeVisible({ timeout: 30_000 });
  await expect(hers.getByRole("radio").first()).toBeChecked();
});

/** Everything of a site that lies in a browser: what its workers keep, its database, its storage. */
const lying = (page: Page) =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const reply = await cache.match(request, { ignoreVary: true });
        found.push(`CACHE ${name} ${new URL(request.url).pathname}`);
        if (/\/api\//.test(request.url)) found.push(`BYTES ${await reply!.text()}`);
      }
    }
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open(name!);
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
      for (const store of db.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const all = db.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => resolve(all.result);
          all.onerror = () => reject(all.error);
        });
        for (const row of rows) found.push(`ROW ${store} ${JSON.stringify(row)}`);
      }
      db.close();
    }
    found.push(`STORAGE ${JSON.stringify({ ...localStorage })} ${JSON.stringify({ ...sessionStorage })}`);
    found.push(`PAGE ${document.documentElement.outerHTML}`);
    return found;
  });

test("nothing that a pupil's browser gets, keeps or shows before the release tells what is right", async ({
  page,
  lopmo,
  browser,
}) => {
  const COUNT = 24;
  await signIn(page, lopmo, teacher);
  const { id } = await give(page, lopmo, TITLE, questions(COUNT), { show_answers: { when: "never" }, show_explanations: { when: "never" }, show_marks: { when: "never" } });
  const hers = await anotherDevice(browser, page);
  await signIn(hers, lopmo, pupils[0]!);
  const told: Promise<string>[] = [];
  hers.on("response", (reply) => {
    if (reply.url().includes("/api/")) told.push(reply.text().then((text) => `${new URL(reply.url()).pathname} ${text}`, () => ""));
  });
  await begin(hers, lopmo, id);
  await kept(hers);
  for (let n = 1; n <= COUNT; n++) {
    await expect(heading(hers, n)).toBeVisible();
    await hers.getByRole("radio").first().check();
    if (n < COUNT) await next(hers).click();
  }
  await expect(saved(hers)).toBeVisible({ timeout: 30_000 });
  const during = [...(await lying(hers)), ...(await Promise.all(told))];
  await handIn(hers);
  await hers.getByRole("link", { name: t("sitting.see_result") }).click();
  await expect(hers.getByText(t("sitting.mark_not_yet"))).toBeVisible();
  const after = [...(await lying(hers)), ...(await Promise.all(told))];

  for (const text of [...during, ...after]) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/"(correct|solution|explanation|keyed|credit)":(?!null)/);
  }
  // What workers keep of the API are sealed papers, and nothing else.
  const cachedOfApi = during.filter((line) => line.startsWith("CACHE") && line.includes("/api/"));
  for (const line of cachedOfApi) expect(line).toContain("/api/test-papers/");
  // The author wrote the right one first each time; what came over does not have it in one place.
  const kept_ = during.find((line) => line.startsWith("ROW papers "));
  const paper = (JSON.parse(kept_!.slice("ROW papers ".length)) as { paper: { items: { question: { options: { text?: string; html: string }[] } }[] } }).paper;
  expect(paper.items).toHaveLength(COUNT);
  const places = paper.items.map(({ question }) => question.options.findIndex(({ html }) => html.includes("cần tìm")));
  for (const place of [0, 1, 2, 3]) expect(places.filter((each) => each === place).length).toBeLessThan(COUNT * 0.7);
  // All options of all questions are of one shape: nothing but the words differs.
  const shapes = new Set(paper.items.flatMap(({ question }) => question.options.map((option) => Object.keys(option).sort().join())));
  expect(shapes.size).toBe(1);
});
