import { expect, test } from "vitest";
import { typed, work, written } from "./calculator";

const worked = (text: string) => {
  const { value, fault } = work(text);
  return value ? written(value) : fault;
};

test("the calculator is exact, and reads as it is taught at school", () => {
  expect(worked("0,1+0,2")).toBe("0,3");
  expect(worked("1÷3×3")).toBe("1");
  expect(worked("2+3×4")).toBe("14");
  expect(worked("(2+3)×4")).toBe("20");
  expect(worked("−3²")).toBe("−9");
  expect(worked("(−3)²")).toBe("9");
  expect(worked("√2×√2")).toBe("2");
  expect(worked("√9²")).toBe("9");
  expect(worked("2√16")).toBe("8");
  expect(worked("2(3+4)")).toBe("14");
  expect(worked("200×15%")).toBe("30");
  expect(worked("5−−2")).toBe("7");
  expect(worked(",5+1,")).toBe("1,5");
  expect(worked("1÷3")).toBe("0,333333333333");
  expect(worked("(1+2")).toBe("3");
});

test("what has no value says why", () => {
  expect(worked("1÷0")).toBe("zero");
  expect(worked("1÷(2−2)")).toBe("zero");
  expect(worked("√(1−5)")).toBe("root");
  expect(worked("√−4")).toBe("root");
  for (const text of ["", "2+", "×3", "()", "2)", "1,2,3", "²"]) expect(worked(text)).toBe("syntax");
  expect(worked(`9${"²".repeat(150)}`)).toBe("size");
});

test("large and small numbers are written with a power of ten", () => {
  expect(worked("10000000²×10000000²")).toBe("1×10^28");
  expect(worked("1÷10000000000000")).toBe("1×10^−13");
  expect(worked("123456789×1000")).toBe("123456789000");
});

test("a real keyboard types the same signs", () => {
  expect(typed("3*4.5/2-1^2")).toBe("3×4,5÷2−1²");
  expect(typed("alert(1)")).toBe("(1)");
  expect(typed("1".repeat(500))).toHaveLength(200);
});
