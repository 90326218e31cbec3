/// <reference lib="webworker" />
// Brings the page on which a test is sat back without network. It keeps the built files of that page and
// sealed papers, which are worth nothing without their keys; it never answers for the rest of the API, and
// nothing about anybody passes through it into a cache. What a pupil has answered lies in IndexedDB, under
// her name.
import type { Keep } from "./worker";

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
/** Addresses of this build, put in when it is built; another build is another worker. */
const SHELL = "__SITTING_SHELL__".split(" ");
const PAGE = "/sit.html";
const PREFIX = "lopmo-sitting-shell-";
const CACHE = PREFIX + nameOf(SHELL);
/** Emptied by whoever signs out; see `$lib/state/leaving`. */
const PAPERS = "lopmo-papers";
const MOST_PAPERS = 20;
/** A line that says nothing for so long is none. */
const PATIENCE_MS = 4000;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => event.waitUntil(keep((event.data as Keep).keep)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (/^\/(sit|t)\//.test(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/_app/immutable/") || SHELL.includes(url.pathname)) {
    event.respondWith(file(request));
  } else if (url.pathname.startsWith("/api/test-papers/")) event.respondWith(paper(request));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // What the browser has loaded for the page is not loaded twice.
  await Promise.all(SHELL.map(async (path) => cache.add(new Request(path, { cache: path === PAGE ? "no-cache" : "default" }))));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

async function keep(addresses: unknown): Promise<void> {
  if (!Array.isArray(addresses)) return;
  const cache = await caches.open(CACHE);
  const own = `${worker.location.origin}/_app/immutable/`;
  const asked = addresses.filter((one): one is string => typeof one === "string" && one.startsWith(own));
  await Promise.all(
    asked.map(async (address) => {
      if (!(await cache.match(address))) await cache.add(address).catch(() => undefined);
    }),
  );
}

/** The page as the server has it now; as it was kept when the server says nothing. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE, { cacheName: CACHE });
  if (!kept) return fetch(request);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    const reply = await fetch(request, { signal: giveUp.signal });
    // A gateway whose server is down answers too.
    return reply.status >= 500 ? kept : reply;
  } catch {
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request.url, { cacheName: CACHE });
  return kept ?? fetch(request);
}

async function paper(request: Request): Promise<Response> {
  const cache = await caches.open(PAPERS);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept) return kept;
  const reply = await fetch(request);
  if (reply.status === 200) {
    await cache.put(request.url, reply.clone()).catch(() => undefined);
    const names = await cache.keys();
    await Promise.all(names.slice(0, Math.max(0, names.length - MOST_PAPERS)).map((name) => cache.delete(name)));
  }
  return reply;
}

/** A short name of a build by its files. */
function nameOf(files: readonly string[]): string {
  let hash = 0;
  for (const letter of files.join()) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  return (hash >>> 0).toString(36);
}
