import { afterEach, expect, test, vi } from "vitest";
import { nameOf } from "./photos";

afterEach(() => vi.unstubAllGlobals());

// FIPS 180-4, example of one block.
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

test("a photo has the same name with and without a secure origin", async () => {
  expect(await nameOf(new Blob(["abc"]))).toBe(ABC);
  vi.stubGlobal("crypto", undefined);
  expect(await nameOf(new Blob(["abc"]))).toBe(ABC);
});
