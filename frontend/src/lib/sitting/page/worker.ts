/** What the page tells its worker to keep. */
export interface Keep {
  keep: string[];
}

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 120_000;

/**
 * Has this page come back without network: its worker keeps the page, and no answer of the server. Only
 * where browsers allow one; elsewhere the page says what is missing.
 */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const scope = location.pathname.startsWith("/t/") ? "/t/" : "/sit/";
  // A line that breaks while the worker fetches the page ends the worker: then it is tried again.
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const found = await navigator.serviceWorker.register("/service-worker.js", { scope, updateViaCache: "none" });
      const worker = found.active ?? (await began(found.waiting ?? found.installing));
      if (worker) return follow(worker);
    } catch (error) {
      // Forbidden by a setting of the browser: the page works, but not without network.
      if (error instanceof DOMException && error.name === "SecurityError") return;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function follow(worker: ServiceWorker): void {
  const tell = () => worker.postMessage({ keep: loaded() } satisfies Keep);
  tell();
  // What a paper brings later: formulas and their letters.
  new PerformanceObserver(tell).observe({ type: "resource" });
}

/** The worker once it has all it keeps; null when it could not get it. */
function began(worker: ServiceWorker | null): Promise<ServiceWorker | null> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker === null || worker.state === "redundant") resolve(null);
      else if (worker.state === "activated") resolve(worker);
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}

/** The built files this page has loaded, by their addresses. */
function loaded(): string[] {
  const own = `${location.origin}/_app/immutable/`;
  return performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(own));
}
