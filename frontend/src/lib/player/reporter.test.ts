import { describe, expect, it } from "vitest";
import { WatchReporter, type SendOutcome, type WatchReport } from "./reporter";

function watching(outcomes: SendOutcome[] = []) {
  const sent: WatchReport[] = [];
  const reporter = new WatchReporter("11111111-1111-4111-8111-111111111111", async (report) => {
    sent.push(structuredClone(report));
    return outcomes.shift() ?? "accepted";
  });
  let now = 0;
  const play = async (from: number, to: number) => {
    for (let at = from; at <= to; at += 0.25, now += 250) {
      reporter.advance(at, 1, now);
      await Promise.resolve();
    }
  };
  return { sent, reporter, play };
}

describe("watch reports", () => {
  it("playing reports every ten seconds", async () => {
    const { sent, play } = watching();
    await play(0, 21);
    expect(sent.map((r) => r.sequence)).toEqual([1, 2]);
    expect(sent[0]?.played).toEqual([[0, 10_000_000]]);
    expect(sent[1]?.played).toEqual([[10_000_000, 20_000_000]]);
  });

  it("a pause reports at once where the viewer stopped", async () => {
    const { sent, reporter, play } = watching();
    await play(0, 3);
    await reporter.interrupt(3, 1);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ position_us: 3_000_000, played: [[0, 3_000_000]] });
  });

  it("a report that failed is sent again under its own number, then the rest", async () => {
    const { sent, reporter, play } = watching(["kept"]);
    await play(0, 3);
    await reporter.interrupt(3, 1);
    await play(3, 5);
    await reporter.interrupt(5, 1);
    expect(sent.map((r) => r.sequence)).toEqual([1, 1, 2]);
    expect(sent[1]?.played).toEqual([[0, 3_000_000]]);
    expect(sent[2]?.played).toEqual([[3_000_000, 5_000_000]]);
  });

  it("nothing new means nothing sent", async () => {
    const { sent, reporter, play } = watching();
    await play(0, 2);
    await reporter.interrupt(2, 1);
    await reporter.flush("leaving");
    expect(sent).toHaveLength(1);
  });
});
