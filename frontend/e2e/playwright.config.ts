import { defineConfig } from "@playwright/test";
import { chromium, phone, desk } from "./support/screens";

// No retries and no fixed waits: what fails once is wrong.
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../test-results",
  workers: 1,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  forbidOnly: Boolean(process.env.CI),
  globalSetup: "./support/film.ts",
  use: { ...chromium, trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    { name: "phone", use: phone },
    { name: "desk", use: desk },
  ],
});
