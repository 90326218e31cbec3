import { describe, expect, it } from "vitest";
import { nextOf } from "./guard";

const next = (value: string) =>
  nextOf(new URL(`http://school.example/sign-in?next=${encodeURIComponent(value)}`));

describe("the page after signing in", () => {
  it("is the one that was asked for", () => {
    expect(next("/library?q=phương trình#b")).toBe("/library?q=phương trình#b");
  });

  it("is never on another host, however it is written", () => {
    for (const value of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "\t//evil.example",
      "javascript:alert(1)",
      "/a\\b",
    ]) {
      expect(next(value), JSON.stringify(value)).toBe("/");
    }
  });
});
