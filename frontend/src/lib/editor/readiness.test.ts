import { describe, expect, it } from "vitest";
import type { Asset, Doc, LessonMeta } from "$lib/api";
import { holdsBack, readiness } from "./readiness";

const meta = (change: Partial<LessonMeta> = {}): LessonMeta => ({
  title: "Điện trở",
  summary: null,
  subject: "vat-li",
  grade: 9,
  strand: null,
  requirement: null,
  language: "vi",
  licence: "CC-BY-4.0",
  authors: [],
  cover_asset_id: null,
  tags: [],
  ...change,
});
const doc = (...content: NonNullable<Doc["content"]>): Doc => ({ type: "doc", content });
const file = (state: Asset["state"]) => () => ({ state }) as Asset;
const unmet = (checks: ReturnType<typeof readiness>) => checks.filter((c) => !c.met).map((c) => c.id);

describe("before a lesson is published", () => {
  it("an empty lesson is held back", () => {
    const checks = readiness(meta({ title: " " }), doc({ type: "paragraph" }), () => null);
    expect(unmet(checks)).toEqual(["title", "content"]);
    expect(holdsBack(checks)).toBe(true);
  });
  it("a film still being processed may go out, a failed or missing one may not", () => {
    const film = doc({ type: "video", attrs: { asset: "a1" } });
    expect(holdsBack(readiness(meta(), film, file("processing")))).toBe(false);
    expect(unmet(readiness(meta(), film, file("processing")))).toEqual(["files_done"]);
    expect(holdsBack(readiness(meta(), film, file("failed")))).toBe(true);
    expect(
      holdsBack(readiness(meta(), doc({ type: "video", attrs: { asset: null, upload: "u" } }), () => null)),
    ).toBe(true);
  });
  it("a picture without words for the blind and a lesson without a subject are pointed out", () => {
    const checks = readiness(
      meta({ subject: null }),
      doc({ type: "image", attrs: { asset: "a1", alt: "" } }),
      file("ready"),
    );
    expect(unmet(checks)).toEqual(["place", "alt"]);
    expect(holdsBack(checks)).toBe(false);
  });
});
