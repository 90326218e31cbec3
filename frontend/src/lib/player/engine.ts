/** How the stream is chosen: by itself, one rung, or the sound alone. */
export type Quality = { kind: "auto" } | { kind: "rung"; height: number } | { kind: "sound" };

export interface Rung {
  height: number;
}

export interface EngineEvents {
  /** The rungs on offer, highest first. */
  rungs(rungs: Rung[]): void;
  /** The rung on screen now; null for sound alone. */
  playing(height: number | null): void;
  /** The stream cannot go on by itself. `network` may be tried again, `media` means it can't be played here. */
  failed(reason: "network" | "media"): void;
}

export interface Source {
  /** The master playlist. */
  master: string;
  /** The media playlist of the sound alone; null when there is none. */
  sound: string | null;
}

/** One way to get a stream into a media element. */
export interface Engine {
  /** Loads segments from here on; before that only the playlist is fetched, so a page full of lessons costs a pupil nothing. */
  start(at: number): void;
  choose(quality: Quality): void;
  /** Reads the playlists again, keeping the position: new rungs have been made, or the line is back. */
  reload(): void;
  destroy(): void;
}

/** Safari on phones without Media Source: the element plays HLS itself and chooses by itself. */
export function nativeEngine(media: HTMLMediaElement, source: Source, events: EngineEvents): Engine {
  let url = source.master;
  let started = false;
  const load = (at: number) => {
    media.src = url;
    if (at > 0) media.addEventListener("loadedmetadata", () => (media.currentTime = at), { once: true });
  };
  const onError = () =>
    events.failed(media.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "media");
  media.addEventListener("error", onError);
  return {
    start(at) {
      if (started) return;
      started = true;
      load(at);
    },
    choose(quality) {
      const next = quality.kind === "sound" && source.sound ? source.sound : source.master;
      events.playing(null);
      if (next === url) return;
      url = next;
      if (started) resumeAfter(media, () => load(media.currentTime));
    },
    reload: () => resumeAfter(media, () => load(media.currentTime)),
    destroy() {
      media.removeEventListener("error", onError);
      media.removeAttribute("src");
      media.load();
    },
  };
}

/** Whether the element plays a plain file of ours; used for sound without a ladder. */
export function fileEngine(media: HTMLMediaElement, url: string, events: EngineEvents): Engine {
  return nativeEngine(media, { master: url, sound: null }, events);
}

/** What decides how a stream is played: the window and an element. */
export interface Browser {
  MediaSource?: unknown;
  /** Safari on phones, from iOS 17.1. */
  ManagedMediaSource?: unknown;
}

/**
 * `source`: we feed the element through Media Source, with our own choice of quality. `element`: it
 * plays HLS itself (older iPhones). Null: neither, there is nothing to play it with.
 */
export function wayToPlay(
  media: Pick<HTMLMediaElement, "canPlayType">,
  browser: Browser = globalThis,
): "source" | "element" | null {
  if (browser.ManagedMediaSource ?? browser.MediaSource) return "source";
  return media.canPlayType("application/vnd.apple.mpegurl") ? "element" : null;
}

/** The engine this browser can use; says `media` when it has none. */
export async function openEngine(
  media: HTMLMediaElement,
  source: Source,
  events: EngineEvents,
  browser: Browser = globalThis,
): Promise<Engine> {
  const way = wayToPlay(media, browser);
  // Media Source without our codecs: the element may still know a way of its own.
  const engine = way === "source" ? await hlsEngine(media, source, events) : null;
  if (engine) return engine;
  if (way === null) events.failed("media");
  return nativeEngine(media, source, events);
}

/** Media Source, by hls.js, which is fetched only now. Null where the browser has no Media Source. */
export async function hlsEngine(
  media: HTMLMediaElement,
  source: Source,
  events: EngineEvents,
): Promise<Engine | null> {
  const { default: Hls } = await import("hls.js");
  if (!Hls.isSupported()) return null;

  const hls = new Hls({
    autoStartLoad: false,
    // The lowest rung first: on a weak line the picture must be there within three seconds.
    startLevel: 0,
    testBandwidth: false,
    startFragPrefetch: true,
    abrEwmaDefaultEstimate: 700_000,
    capLevelToPlayerSize: true,
    maxBufferLength: 24,
    maxMaxBufferLength: 60,
    backBufferLength: 60,
    // A playlist that still grows is not a live show: it begins at 0 and is never skipped forward.
    startPosition: 0,
    liveDurationInfinity: false,
    lowLatencyMode: false,
    // Captions come as tracks of the element.
    enableWebVTT: false,
    enableIMSC1: false,
    // Our segments are fMP4 already: nothing to convert, and no worker from a blob for the CSP to allow.
    enableWorker: false,
    enableCEA708Captions: false,
  });

  let started = false;
  let sound = false;
  let mediaFaults = 0;
  let wanted: Quality = { kind: "auto" };

  const heightOf = (level: number) => hls.levels[level]?.height ?? 0;
  const apply = () => {
    if (wanted.kind !== "rung") {
      hls.nextLevel = -1;
      return;
    }
    const { height } = wanted;
    const level = hls.levels.findIndex((l) => l.height === height);
    if (level >= 0) hls.nextLevel = level;
  };

  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    if (!sound) {
      const heights = [...new Set(hls.levels.map((l) => l.height).filter((h) => h > 0))];
      events.rungs(heights.sort((a, b) => b - a).map((height) => ({ height })));
      apply();
    }
    if (started) hls.startLoad(resumeAt);
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, data) => events.playing(sound ? null : heightOf(data.level) || null));
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mediaFaults++ < 2) return hls.recoverMediaError();
    events.failed(data.type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "media");
  });

  let resumeAt = 0;
  const load = () => {
    resumeAt = media.currentTime || resumeAt;
    hls.loadSource(sound && source.sound ? source.sound : source.master);
  };

  hls.attachMedia(media);
  hls.loadSource(source.master);

  return {
    start(at) {
      if (started) return;
      started = true;
      resumeAt = at;
      if (hls.levels.length > 0) hls.startLoad(at);
    },
    choose(quality) {
      const nowSound = quality.kind === "sound";
      wanted = quality;
      if (nowSound === sound) return apply();
      sound = nowSound;
      resumeAfter(media, load);
    },
    reload: () => resumeAfter(media, load),
    destroy: () => hls.destroy(),
  };
}

/** A change of source stops the element; a viewer who was watching goes on watching. */
function resumeAfter(media: HTMLMediaElement, change: () => void): void {
  const playing = !media.paused;
  const rate = media.playbackRate;
  change();
  media.addEventListener(
    "loadedmetadata",
    () => {
      media.playbackRate = rate;
      if (playing) void media.play().catch(() => undefined);
    },
    { once: true },
  );
}
