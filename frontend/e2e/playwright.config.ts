import { defineConfig } from "@playwright/test";
import { chromium, phone, desk } from "./support/screens";

// No retries and no fixed waits: what fails once is wrong.
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../test-results",
  // Each test has a server and a data folder of its own; two fill the two cores that CI has.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  forbidOnly: Boolean(process.env.CI),
  globalSetup: "./support/film.ts",
  use: { ...chromium, trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    { name: "phone", use: phone },
    { name: "desk", use: desk },
  ],
});
