// The page on which a test is sat, as a phone that has never been here meets it: bytes over the wire from the
// first request to question 1, requests, and how long it takes on a slow phone and a slow line; and what the
// formula setter adds for a paper with formulas.
import { createRequire } from "node:module";
import { Program, report } from "./program.mjs";

const { chromium } = createRequire(new URL("../../frontend/package.json", import.meta.url))("@playwright/test");
const LINE = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 1_600_000 / 8 };
const SLOWER = 4;
const DEMO = "lopmo-demo";

const program = await Program.start("--demo");
const cookieOf = async (login) => {
  program.cookie = undefined;
  await program.fetch("/api/session", { method: "POST", json: { login, password: DEMO } });
  return program.cookie;
};
const pupil = await cookieOf("anh.tran");
await cookieOf("thay.khai");
const get = async (path) => (await program.fetch(path)).json();
const post = async (path, json) => (await program.fetch(path, { method: "POST", json })).json();

/** A test of forty questions, given to the pupil's class. */
async function given(title, question) {
  const folder = (await get("/api/question-folders")).items.find((one) => one.can_write ?? true);
  const { items: schools } = await get("/api/organisations");
  const { items: classes } = await get("/api/classes");
  const items = [];
  for (let at = 0; at < 40; at++) {
    const made = await post("/api/questions", { folder_id: folder.id, question: question(at) });
    items.push({ question_id: made.id });
  }
  const test = await post("/api/tests", {
    organisation_id: schools.find((school) => school.can_author).id,
    title,
    plan: { parts: [{ items }] },
  });
  const targets = [{ class_id: classes.find((one) => one.name === "Toán 10A1").id }];
  await post(`/api/tests/${test.id}/give`, { revision: test.revision, targets });
  return test.id;
}
const rich = (html) => ({ html, text: html.replaceAll(/<[^>]*>/g, "") });
const choice = (stem, options) => ({
  type: "single_choice",
  stem: rich(stem),
  options: options.map((text, at) => ({ label: "ABCD"[at], content: rich(text), correct: at === 0 })),
});
const CITIES = ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ"];
const plain = await given("Kiểm tra không công thức", (at) =>
  choice(`<p>Câu hỏi thứ ${at + 1}: thành phố nào dưới đây có cầu, chợ và trường học nhiều nhất?</p>`, CITIES.map((city) => `<p>${city} ${at}</p>`)),
);
const formula = (latex) => `<span data-math="${latex}"></span>`;
const SYSTEM = "\\begin{cases} \\dfrac{x}{2} + y = 1 \\\\ x - y = 2 \\\\ x + z = 3 \\end{cases}";
const formulas = await given("Kiểm tra có công thức", (at) =>
  choice(
    `<p>Tính ${formula(`\\int_0^{${at + 1}} \\frac{x^2}{\\sqrt{x+1}}\\,dx`)} và ${formula("\\ce{H2SO4}")}; tập ${formula("\\mathbb{R} \\setminus \\varnothing")}; hệ ${formula(SYSTEM)}.</p>`,
    [1, 2, 3, 4].map((n) => `<p>${formula(`\\dfrac{${n + at}}{${n + 1}}`)}</p>`),
  ),
);

const browser = await chromium.launch({ executablePath: process.env.LOPMO_TEST_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A phone on which the pupil is signed in and nothing else was ever loaded. */
async function phone() {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, locale: "vi-VN" });
  const [name, value] = pupil.split("=");
  await context.addCookies([{ name, value, url: program.address }]);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  return { context, page, wire };
}
const BEGIN = /^(Bắt đầu làm bài|Làm tiếp)$/;
const question1 = (page) => page.getByRole("heading", { name: "Câu 1", exact: true });
const answerable = async (page) => {
  await question1(page).waitFor();
  await page.getByRole("radio").first().and(page.locator(":enabled")).waitFor({ state: "attached" });
};

/** Everything that was asked for has come: formulas are set and have their letters. */
async function settled(page, files) {
  for (let seen = -1; seen !== files.length; ) {
    seen = files.length;
    await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((resolve) => setTimeout(resolve, 700));
    });
  }
}

/** Bytes and requests until question 1 can be answered and all it needs has come. */
async function weigh(test) {
  const { context, page, wire } = await phone();
  const urls = new Map();
  const files = [];
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    files.push({ path: new URL(urls.get(requestId) ?? "http://x/?").pathname, bytes: encodedDataLength }),
  );
  await page.goto(`${program.address}/sit/${test}`, { waitUntil: "networkidle" });
  await settled(page, files);
  const lobby = files.length;
  await page.getByRole("button", { name: BEGIN }).click();
  await answerable(page);
  await settled(page, files);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (process.env.LOPMO_WEIGH) {
    for (const { path, bytes } of files.toSorted((a, b) => b.bytes - a.bytes)) console.error(bytes, path);
  }
  const afterBell = files.slice(lobby).filter(({ path }) => path.startsWith("/_app/")).length;
  await context.close();
  return { total, requests: files.length, afterBell };
}

/** Milliseconds of a cold load to the lobby's button, and from its click to question 1. */
async function time(test) {
  const { context, page, wire } = await phone();
  await wire.send("Network.emulateNetworkConditions", LINE);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  // By the page's own clock, from the first byte asked for.
  await page.addInitScript((name) => {
    window.ready = new Promise((resolve) => {
      const look = () => {
        const button = [...document.querySelectorAll("button:enabled")].find((one) => new RegExp(name).test(one.textContent.trim()));
        if (button) resolve(performance.now());
        else requestAnimationFrame(look);
      };
      look();
    });
  }, BEGIN.source);
  await page.goto(`${program.address}/sit/${test}`, { waitUntil: "commit" });
  const lobby = await page.evaluate(() => window.ready);
  // The lobby is where one waits for the bell.
  await page.waitForLoadState("networkidle");
  const toQuestion = await page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const button = [...document.querySelectorAll("button")].find((one) => new RegExp(name).test(one.textContent.trim()));
        const clicked = performance.now();
        const look = () => {
          const box = document.querySelector("input[type=radio]:enabled");
          if (box && document.querySelector("section h2")) resolve(performance.now() - clicked);
          else requestAnimationFrame(look);
        };
        button.click();
        look();
      }),
    BEGIN.source,
  );
  await context.close();
  return { lobby, toQuestion };
}

const light = await weigh(plain);
const heavy = await weigh(formulas);
const slow = await time(plain);
const slowFormulas = await time(formulas);
await browser.close();
await program.remove();
report({
  bench: "sitting",
  page_bytes: light.total,
  limit_page_bytes: 90_000,
  page_requests: light.requests,
  formula_bytes: heavy.total - light.total,
  limit_formula_bytes: 150_000,
  formula_files_after_the_bell: heavy.afterBell,
  cold_to_lobby_seconds: Number((slow.lobby / 1000).toFixed(2)),
  begin_to_question_1_seconds: Number((slow.toQuestion / 1000).toFixed(2)),
  begin_to_question_1_with_formulas_seconds: Number((slowFormulas.toQuestion / 1000).toFixed(2)),
  limit_interactive_seconds: 1.5,
});
