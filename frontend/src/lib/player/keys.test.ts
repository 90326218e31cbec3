import { describe, expect, it } from "vitest";
import { keyAction } from "./keys";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) =>
  keyAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe("player keys", () => {
  it("j and l go ten seconds, the arrows five", () => {
    expect(press("j")).toEqual({ kind: "skip", seconds: -10 });
    expect(press("L")).toEqual({ kind: "skip", seconds: 10 });
    expect(press("ArrowRight")).toEqual({ kind: "skip", seconds: 5 });
  });
  it("a digit goes to that tenth", () => {
    expect(press("7")).toEqual({ kind: "seek-fraction", fraction: 0.7 });
  });
  it("a shortcut of the browser is left alone", () => {
    expect(press("f", { ctrlKey: true })).toBeNull();
    expect(press("ArrowLeft", { altKey: true })).toBeNull();
  });
  it("a key without meaning is left alone", () => {
    expect(press("q")).toBeNull();
    expect(press("Tab")).toBeNull();
  });
});
