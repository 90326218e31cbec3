// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { nativeEngine, openEngine, wayToPlay, type EngineEvents } from "./engine";

const supported = vi.hoisted(() => ({ value: true, made: 0 }));
vi.mock("hls.js", () => ({
  default: class Hls {
    static isSupported = () => supported.value;
    static Events = {};
    static ErrorTypes = {};
    levels: unknown[] = [];
    constructor() {
      supported.made += 1;
    }
    on() {}
    attachMedia() {}
    loadSource() {}
    destroy() {}
  },
}));

/** An element as a browser has it: jsdom plays nothing, so that only what it is told is seen. */
function element(plays: "hls" | "nothing"): HTMLVideoElement {
  const media = document.createElement("video");
  media.canPlayType = (type) => (plays === "hls" && type.includes("mpegurl") ? "maybe" : "");
  media.load = () => undefined;
  media.play = vi.fn(async () => undefined);
  return media;
}
const source = { master: "/hls/master.m3u8", sound: "/hls/a/index.m3u8" };
const listening = () => ({ rungs: vi.fn(), playing: vi.fn(), failed: vi.fn() }) satisfies EngineEvents;

beforeEach(() => {
  supported.value = true;
  supported.made = 0;
});

describe("how a stream is played", () => {
  it("Media Source where there is one, Safari's managed one too", () => {
    expect(wayToPlay(element("nothing"), { MediaSource: class {} })).toBe("source");
    expect(wayToPlay(element("hls"), { ManagedMediaSource: class {} })).toBe("source");
  });
  it("an older iPhone plays HLS in the element itself, and never fetches the player for it", async () => {
    const media = element("hls");
    const engine = await openEngine(media, source, listening(), {});
    engine.start(0);
    expect(media.src).toContain("/hls/master.m3u8");
    expect(supported.made).toBe(0);
  });
  it("Media Source without our codecs leaves it to the element", async () => {
    supported.value = false;
    const media = element("hls");
    const engine = await openEngine(media, source, listening(), { MediaSource: class {} });
    engine.start(0);
    expect(media.src).toContain("/hls/master.m3u8");
  });
  it("a browser with neither says so at once", async () => {
    const events = listening();
    await openEngine(element("nothing"), source, events, {});
    expect(events.failed).toHaveBeenCalledWith("media");
  });
  it("Chromium and Firefox get the player of our own", async () => {
    const media = element("nothing");
    await openEngine(media, source, listening(), { MediaSource: class {} });
    expect(supported.made).toBe(1);
    expect(media.getAttribute("src")).toBeNull();
  });
});

describe("the element playing by itself", () => {
  it("loads nothing before play, then goes to where the viewer stopped", () => {
    const media = element("hls");
    const engine = nativeEngine(media, source, listening());
    expect(media.getAttribute("src")).toBeNull();
    engine.start(42);
    media.dispatchEvent(new Event("loadedmetadata"));
    expect(media.currentTime).toBe(42);
  });
  it("the sound alone is another list at the same place and speed, and goes on playing", () => {
    const media = element("hls");
    const engine = nativeEngine(media, source, listening());
    engine.start(0);
    media.currentTime = 30;
    media.playbackRate = 1.5;
    Object.defineProperty(media, "paused", { value: false });
    engine.choose({ kind: "sound" });
    expect(media.src).toContain("/hls/a/index.m3u8");
    media.currentTime = 0;
    media.playbackRate = 1;
    media.dispatchEvent(new Event("loadedmetadata"));
    expect(media.currentTime).toBe(30);
    expect(media.playbackRate).toBe(1.5);
    expect(media.play).toHaveBeenCalled();
  });
  it("a line that broke may be tried again, a film it cannot read not", () => {
    const events = listening();
    const media = element("hls");
    vi.stubGlobal("MediaError", { MEDIA_ERR_NETWORK: 2 });
    nativeEngine(media, source, events).start(0);
    for (const [code, reason] of [
      [2, "network"],
      [4, "media"],
    ] as const) {
      Object.defineProperty(media, "error", { value: { code }, configurable: true });
      media.dispatchEvent(new Event("error"));
      expect(events.failed).toHaveBeenLastCalledWith(reason);
    }
    vi.unstubAllGlobals();
  });
});
