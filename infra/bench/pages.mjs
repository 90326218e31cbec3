// Bytes over the wire of a cold library page and a cold lesson page (media, the player and the formula setter
// apart), hosts asked, and the time to the first frame on a line of 1.6 Mbit/s with 150 ms. Chromium, as the frontend's end-to-end tests drive it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, report } from "./program.mjs";

const { chromium } = createRequire(new URL("../../frontend/package.json", import.meta.url))("@playwright/test");
const work = mkdtempSync(join(tmpdir(), "lopmo-pages-"));
const film = join(work, "film.mp4");
execFileSync("infra/e2e/make-video.sh", [film, "30", "720"]);

const program = await Program.start();
await program.setUp();
const asset = await program.upload("bai-giang.mp4", readFileSync(film));
await program.until(asset, (one) => one.state === "ready");
const draft = await (await program.fetch("/api/lessons", { method: "POST", json: { organisation_id: program.organisation, meta: { title: "Chuyển động thẳng đều" } } })).json();
const paragraph = { type: "paragraph", content: [{ type: "text", text: "Vận tốc bằng quãng đường chia cho thời gian. ".repeat(20) }] };
const doc = { type: "doc", content: [paragraph, { type: "video", attrs: { asset, caption: "Bài giảng" } }, paragraph] };
const meta = { ...draft.meta, licence: "CC-BY-4.0", language: "vi" };
const saved = await (await program.fetch(`/api/lessons/${draft.id}/draft`, { method: "PUT", json: { revision: draft.revision, meta, doc } })).json();
await program.fetch(`/api/lessons/${draft.id}/publish`, { method: "POST", json: { revision: saved.revision, note: null } });

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });

/** Opens a page in a browser that has never been here; counts what came over the wire but media. */
async function cold(path) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: "vi-VN" });
  const [name, value] = program.cookie.split("=");
  await context.addCookies([{ name, value, url: program.address }]);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const asked = new Map();
  const foreign = new Set();
  const loaded = [];
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    asked.set(requestId, request.url);
    const url = new URL(request.url);
    if (url.protocol.startsWith("http") && url.origin !== program.address) foreign.add(url.host);
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => loaded.push({ requestId, bytes: encodedDataLength }));
  await page.goto(program.address + path, { waitUntil: "networkidle" });
  const weights = { page: 0, media: 0, player: 0, formulas: 0 };
  for (const { requestId, bytes } of loaded) {
    const url = asked.get(requestId) ?? "";
    weights[await kindOf(wire, requestId, url)] += bytes;
  }
  await context.close();
  return { ...weights, foreign: [...foreign] };
}

/** What a reply is for. Built files have names without meaning: what is in them tells. */
async function kindOf(wire, requestId, url) {
  if (/\/api\/assets\/.*\/(hls|file|poster|storyboard|preview)/.test(url)) return "media";
  if (/KaTeX/.test(url)) return "formulas";
  if (!/\.(js|css)$/.test(url)) return "page";
  const { body } = await wire.send("Network.getResponseBody", { requestId });
  if (body.includes("hlsManifestParsed")) return "player";
  return body.includes("KaTeX parse error") || body.includes(".katex-display") ? "formulas" : "page";
}

const library = await cold("/library");
const lesson = await cold(`/lessons/${draft.id}`);

const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: "vi-VN" });
const [name, value] = program.cookie.split("=");
await context.addCookies([{ name, value, url: program.address }]);
const page = await context.newPage();
await page.goto(`${program.address}/lessons/${draft.id}`, { waitUntil: "networkidle" });
const line = await context.newCDPSession(page);
await line.send("Network.enable");
await line.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 1_600_000 / 8 });
// From the tap to the first frame: the page is there, the player and the film are not.
const tapped = Date.now();
await page.locator("[data-player] button, .player button, figure button").first().click();
await page.waitForFunction(() => [...document.querySelectorAll("video")].some((video) => video.currentTime > 0), undefined, { timeout: 60_000 });
const firstFrame = (Date.now() - tapped) / 1000;
await browser.close();
await program.remove();
rmSync(work, { recursive: true, force: true });
report({
  bench: "pages",
  library_bytes: library.page,
  lesson_bytes: lesson.page,
  lesson_player_bytes: lesson.player,
  lesson_formula_bytes: lesson.formulas,
  limit_bytes: 160_000,
  foreign_hosts: [...library.foreign, ...lesson.foreign],
  first_frame_seconds: Number(firstFrame.toFixed(2)),
  limit_first_frame_seconds: 3,
});
