/** What the page tells its worker to keep. */
export interface Keep {
  keep: string[];
}

/**
 * Has this page come back without network: its worker keeps the page, and no answer of the server. Only
 * where browsers allow one; elsewhere the page says what is missing.
 */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const scope = location.pathname.startsWith("/t/") ? "/t/" : "/sit/";
  try {
    const found = await navigator.serviceWorker.register("/service-worker.js", { scope, updateViaCache: "none" });
    const worker = found.active ?? found.waiting ?? found.installing;
    const tell = () => worker?.postMessage({ keep: loaded() } satisfies Keep);
    tell();
    // What a paper brings later: formulas and their letters.
    new PerformanceObserver(tell).observe({ type: "resource" });
  } catch {
    // Forbidden by a setting of the browser: the page works, but not without network.
  }
}

/** The built files this page has loaded, by their addresses. */
function loaded(): string[] {
  const own = `${location.origin}/_app/immutable/`;
  return performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(own));
}
