import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from "@playwright/test";

type Use = Partial<PlaywrightTestOptions & PlaywrightWorkerOptions>;

/** Debian's Chromium; nothing is downloaded. */
export const chromium: Use = {
  browserName: "chromium",
  locale: "vi-VN",
  timezoneId: "Asia/Ho_Chi_Minh",
  launchOptions: {
    executablePath: process.env.LOPMO_TEST_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
  },
};

export const phone: Use = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
export const desk: Use = { viewport: { width: 1280, height: 800 } };
