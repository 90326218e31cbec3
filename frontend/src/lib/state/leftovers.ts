/** As `$lib/sitting/store` calls its database: whether it is there is asked without loading that. */
const SITTINGS = "lopmo-sitting";

/**
 * Answers and photos of tests that only this device has go on their way from whatever page is open, whoever is
 * signed in: their own secrets carry them. Costs nothing on a device where nobody sat a test.
 */
export async function carryLeftovers(): Promise<void> {
  const known = await indexedDB.databases?.().catch(() => []);
  if (!known?.some(({ name }) => name === SITTINGS)) return;
  const { anyUnsent } = await import("$lib/sitting/store");
  if (!(await anyUnsent())) return;
  const { sendLeftovers } = await import("$lib/sitting/desk.svelte");
  await sendLeftovers("");
}
