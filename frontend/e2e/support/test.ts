import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { Lopmo } from "./server";

/** Each test has a server of its own, on an empty data folder. */
export const test = base.extend<{ lopmo: Lopmo; foreign: string[]; alone: undefined }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the braces
  lopmo: async ({}, use, info) => {
    const lopmo = await Lopmo.start();
    await use(lopmo);
    if (info.status !== info.expectedStatus) await info.attach("server", { body: lopmo.said });
    await lopmo.stop();
  },
  /** Addresses of other hosts that a page asked for: none, ever. */
  foreign: [
    async ({ context, lopmo }, use) => {
      const foreign: string[] = [];
      context.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.origin !== lopmo.address) foreign.push(request.url());
      });
      await use(foreign);
      expect(foreign, "requests to other hosts").toEqual([]);
    },
    { auto: true },
  ],
  /** Other devices are put away with the test: their pages would go on asking a server that is gone. */
  alone: [
    async ({ browser, context }, use) => {
      await use(undefined);
      for (const other of browser.contexts()) if (other !== context) await other.close();
    },
    { auto: true },
  ],
});

export { expect };

/** No rule of WCAG 2.2 AA that a machine can check is broken, and nothing is wider than the screen. */
export async function expectGoodPage(page: Page): Promise<void> {
  // A colour on its way to another has a contrast nobody will see; nothing sets out while it is looked at, either.
  const still = await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important; animation: none !important }" });
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(" | ")}`)).toEqual([]);
  await still.evaluate((style) => (style as Element).remove());
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, "pixels wider than the screen").toBeLessThanOrEqual(0);
}
