import { defineConfig } from "@playwright/test";
import { chromium } from "./support/screens";

// `make screenshots`: the README's pictures, of the demo school.
export default defineConfig({
  testDir: ".",
  testMatch: "screenshots.ts",
  outputDir: "../test-results",
  workers: 1,
  timeout: 180_000,
  reporter: [["list"]],
  use: { ...chromium, reducedMotion: "reduce" },
});
