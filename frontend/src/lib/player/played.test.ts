import { describe, expect, it } from "vitest";
import { PlayedRanges } from "./played";

function play(ranges: PlayedRanges, from: number, to: number, start = 0, rate = 1): number {
  let now = start;
  for (let at = from; at <= to + 1e-9; at += 0.25 * rate, now += 250) ranges.advance(at, rate, now);
  return now;
}

describe("played ranges", () => {
  it("ten seconds of playing are one range", () => {
    const ranges = new PlayedRanges();
    play(ranges, 0, 10);
    expect(ranges.take()).toEqual([[0, 10_000_000]]);
  });

  it("a jump forward does not count as watched", () => {
    const ranges = new PlayedRanges();
    const now = play(ranges, 0, 2);
    play(ranges, 600, 602, now);
    expect(ranges.take()).toEqual([
      [0, 2_000_000],
      [600_000_000, 602_000_000],
    ]);
  });

  it("going back is a second range, never a negative one", () => {
    const ranges = new PlayedRanges();
    const now = play(ranges, 30, 32);
    ranges.interrupt();
    play(ranges, 5, 6, now);
    expect(ranges.take()).toEqual([
      [30_000_000, 32_000_000],
      [5_000_000, 6_000_000],
    ]);
  });

  it("double speed counts the seconds of the lesson", () => {
    const ranges = new PlayedRanges();
    play(ranges, 0, 20, 0, 2);
    expect(ranges.take()).toEqual([[0, 20_000_000]]);
  });

  it("what was handed over is not handed over twice", () => {
    const ranges = new PlayedRanges();
    const now = play(ranges, 0, 4);
    expect(ranges.take()).toEqual([[0, 4_000_000]]);
    expect(ranges.empty).toBe(true);
    play(ranges, 4.25, 6, now);
    expect(ranges.take()).toEqual([[4_000_000, 6_000_000]]);
  });
});
