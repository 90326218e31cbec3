import { expect, test } from "vitest";

const read = import.meta.glob<{ vi?: Record<string, string>; en: Record<string, string> }>(
  "./messages/*.ts",
  { eager: true },
);
// What is said of papers is in English only: the readers say it in Vietnamese.
const files = Object.entries(read).flatMap(([file, { vi, en }]) => (vi ? [{ file, vi, en }] : []));
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(" ");

test("both languages have the same messages with the same placeholders", () => {
  for (const { file, vi, en } of files) {
    expect(Object.keys(en).sort(), file).toEqual(Object.keys(vi).sort());
    for (const key of Object.keys(vi)) {
      expect(placeholders(en[key] ?? ""), `${file} ${key}`).toBe(placeholders(vi[key] ?? ""));
    }
  }
});

test("a message has one home", () => {
  const keys = files.flatMap(({ vi }) => Object.keys(vi));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test("Vietnamese messages are composed (NFC), so that searching and fonts treat them alike", () => {
  for (const { vi } of files) {
    for (const text of Object.values(vi)) expect(text).toBe(text.normalize("NFC"));
  }
});
