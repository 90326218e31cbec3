import { describe, expect, it } from "vitest";
import { readCode, spacedCode } from "./words";

describe("the code of a class", () => {
  it("is read however it was typed", () => {
    expect(readCode(" abc-234 ")).toBe("ABC234");
    expect(readCode("ABC 234")).toBe("ABC234");
  });
  it("is none with another length", () => {
    expect(readCode("abc23")).toBeNull();
    expect(readCode("abc2345")).toBeNull();
  });
  it("is shown in two halves", () => expect(spacedCode("ABC234")).toBe("ABC 234"));
});
