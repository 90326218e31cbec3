// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { locale, needMessages, setLocale, startLocale, t } from "./locale.svelte";

beforeEach(async () => {
  await setLocale("vi");
});

test("a language and an area asked for at the same time both arrive", async () => {
  await Promise.all([startLocale(), setLocale("en"), needMessages("people")]);
  expect(t("nav.library")).toBe("Library");
  expect(t("people.title")).toBe("People");
});

test("changing the language keeps the areas that pages already use", async () => {
  await needMessages("people");
  await setLocale("en");
  expect(t("people.title")).toBe("People");
  await setLocale("vi");
  expect(t("people.title")).toBe("Mọi người");
});

test("the page says which language it is in", async () => {
  await setLocale("en");
  expect(document.documentElement.lang).toBe("en");
  expect(locale.tag).toBe("en-GB");
});

test("English counts one thing and many things, Vietnamese does not", async () => {
  expect(t("table.count", { n: 1 })).toBe("1 mục");
  await setLocale("en");
  expect(t("table.count", { n: 1 })).toBe("1 item");
  expect(t("table.count", { n: 2 })).toBe("2 items");
});

test("numbers in messages are written the local way", () => {
  expect(t("table.count", { n: 91000 })).toBe("91.000 mục");
});
