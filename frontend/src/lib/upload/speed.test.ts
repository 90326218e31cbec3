import { describe, expect, it } from "vitest";
import { SpeedMeter } from "./speed";

describe("upload speed", () => {
  it("says nothing before there is something to say", () => {
    const meter = new SpeedMeter();
    meter.sample(0, 0);
    expect(meter.bytesPerSecond).toBeNull();
    expect(meter.secondsLeft(100)).toBeNull();
  });
  it("a megabyte a second with nine to go takes nine seconds", () => {
    const meter = new SpeedMeter();
    meter.sample(0, 0);
    meter.sample(1_000_000, 1000);
    expect(meter.bytesPerSecond).toBe(1_000_000);
    expect(meter.secondsLeft(10_000_000)).toBe(9);
  });
  it("forgets how fast it was a while ago", () => {
    const meter = new SpeedMeter(4000);
    for (let s = 0; s <= 10; s += 1) meter.sample(s * 10_000_000, s * 1000);
    for (let s = 11; s <= 20; s += 1) meter.sample(100_000_000 + (s - 10) * 1000, s * 1000);
    expect(meter.bytesPerSecond).toBeCloseTo(1000);
  });
  it("a line that stands still has no end in sight", () => {
    const meter = new SpeedMeter();
    meter.sample(500, 0);
    meter.sample(500, 3000);
    expect(meter.secondsLeft(1000)).toBeNull();
  });
});
