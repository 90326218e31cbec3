import type { Asset, CaptionTrack } from "$lib/api";
import { toSeconds } from "./clock";
import { fileEngine, openEngine, type Engine, type Quality, type Rung } from "./engine";
import type { KeyAction } from "./keys";
import { WatchReporter, type Send } from "./reporter";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;
const RATE_KEY = "lopmo.player.rate";
const VOLUME_KEY = "lopmo.player.volume";

export type Trouble = "network" | "media";

/** Everything one open player knows and can do. The component only draws it. */
export class PlayerState {
  /** Pressed play at least once. */
  started = $state(false);
  paused = $state(true);
  waiting = $state(false);
  ended = $state(false);
  position = $state(0);
  /** End of what is in memory, seconds. */
  buffered = $state(0);
  /** End of what can be reached now: grows while the ladder is still being made. */
  reachable = $state(0);
  volume = $state(1);
  muted = $state(false);
  rate = $state(1);
  rungs = $state.raw<Rung[]>([]);
  quality = $state.raw<Quality>({ kind: "auto" });
  /** Height of the rung on screen. */
  playingHeight = $state<number | null>(null);
  /** Language of the captions shown; null = off. */
  caption = $state<string | null>(null);
  cues = $state.raw<string[]>([]);
  trouble = $state<Trouble | null>(null);
  #elementDuration = $state(0);
  #asset: () => Asset;
  #media: HTMLVideoElement | null = null;
  #engine: Engine | null = null;
  #opening: Promise<void> | null = null;
  #reporter: WatchReporter | null = null;
  #lastCaption: string | null = null;

  constructor(asset: () => Asset, send: Send | null) {
    this.#asset = asset;
    if (send) this.#reporter = new WatchReporter(uuid(), send);
    this.rate = storedNumber(RATE_KEY, 1, 0.5, 2);
    this.volume = storedNumber(VOLUME_KEY, 1, 0, 1);
  }

  /** Seconds; the file's own length is known before the element's. */
  get duration(): number {
    const known = this.#asset().duration_us;
    return known ? toSeconds(known) : this.#elementDuration;
  }
  get captions(): CaptionTrack[] {
    return this.#asset().captions;
  }
  get soundOnly(): boolean {
    return this.quality.kind === "sound";
  }

  /** Ties the state to the element. Returns the way to let go. */
  attach(media: HTMLVideoElement): () => void {
    this.#media = media;
    media.volume = this.volume;
    const stop = new AbortController();
    const on = (type: string, listener: () => void) =>
      media.addEventListener(type, listener, { signal: stop.signal });
    on("play", () => {
      this.paused = false;
      this.ended = false;
    });
    on("pause", () => {
      this.paused = true;
      void this.#reporter?.interrupt(media.currentTime, media.playbackRate);
    });
    on("seeking", () => {
      this.position = media.currentTime;
      this.waiting = true;
      void this.#reporter?.interrupt(media.currentTime, media.playbackRate);
    });
    on("seeked", () => {
      this.waiting = false;
      this.ended = media.ended;
    });
    on("waiting", () => (this.waiting = true));
    on("playing", () => {
      this.waiting = false;
      this.trouble = null;
    });
    on("ended", () => {
      this.ended = true;
      void this.#reporter?.interrupt(media.currentTime, media.playbackRate);
    });
    on("timeupdate", () => this.#tick(media));
    on("progress", () => this.#measure(media));
    on("durationchange", () => this.#measure(media));
    on("volumechange", () => {
      this.volume = media.volume;
      this.muted = media.muted;
      store(VOLUME_KEY, media.volume);
    });
    on("ratechange", () => (this.rate = media.playbackRate));
    const leave = () => void this.#reporter?.flush("leaving");
    window.addEventListener("pagehide", leave, { signal: stop.signal });
    document.addEventListener("visibilitychange", () => document.hidden && leave(), { signal: stop.signal });
    window.addEventListener("online", () => this.trouble === "network" && this.retry(), {
      signal: stop.signal,
    });
    return () => {
      stop.abort();
      leave();
      this.#engine?.destroy();
      this.#engine = null;
      this.#opening = null;
      this.#media = null;
    };
  }

  /** Fetches the player and the playlist, and nothing of the film. Called when it comes into view. */
  prepare(): Promise<void> {
    this.#opening ??= this.#open().catch(() => {
      this.#opening = null;
      // Before anybody presses play a failure is nobody's business: pressing tries again.
      if (this.started) this.trouble = "network";
    });
    return this.#opening;
  }

  async play(from?: number): Promise<void> {
    const media = this.#media;
    if (!media) return;
    const first = !this.started;
    this.started = true;
    this.waiting = first;
    // Inside the press of the button, so that a phone lets the sound start.
    const early = media.readyState > 0 ? null : media.play().catch(() => undefined);
    await this.prepare();
    this.#engine?.start(from ?? 0);
    if (from !== undefined && media.readyState > 0) this.seek(from);
    media.playbackRate = this.rate;
    await early;
    if (media.paused) await media.play().catch(() => undefined);
    if (media.paused) this.waiting = false;
  }
  pause(): void {
    this.#media?.pause();
  }
  toggle(): void {
    if (this.paused) void this.play(this.ended ? 0 : undefined);
    else this.pause();
  }
  seek(to: number): void {
    const media = this.#media;
    if (!media) return;
    const end = this.reachable || this.duration;
    const aim = Math.max(0, Math.min(to, Math.max(0, end - 0.1)));
    if (!this.started) return void this.play(aim);
    media.currentTime = aim;
    this.position = aim;
  }
  skip(seconds: number): void {
    this.seek(this.position + seconds);
  }
  setVolume(volume: number): void {
    if (!this.#media) return;
    this.#media.volume = Math.max(0, Math.min(1, volume));
    this.#media.muted = this.#media.volume === 0;
  }
  toggleMute(): void {
    if (this.#media) this.#media.muted = !this.#media.muted;
  }
  setRate(rate: number): void {
    this.rate = rate;
    if (this.#media) this.#media.playbackRate = this.#media.defaultPlaybackRate = rate;
    store(RATE_KEY, rate);
  }
  stepRate(direction: 1 | -1): void {
    const now = RATES.findIndex((r) => r >= this.rate - 0.001);
    this.setRate(RATES[Math.max(0, Math.min(RATES.length - 1, now + direction))] ?? 1);
  }
  choose(quality: Quality): void {
    this.quality = quality;
    this.#engine?.choose(quality);
  }
  /** Shows a language's captions, or none. */
  setCaption(language: string | null): void {
    this.caption = language;
    if (language) this.#lastCaption = language;
    const media = this.#media;
    if (!media) return;
    this.cues = [];
    for (const track of media.textTracks) track.mode = track.language === language ? "hidden" : "disabled";
  }
  toggleCaptions(): void {
    this.setCaption(this.caption ? null : (this.#lastCaption ?? this.captions[0]?.language ?? null));
  }
  /** From a track's cuechange. */
  showCues(lines: string[]): void {
    this.cues = lines;
  }
  async togglePictureInPicture(): Promise<void> {
    if (!document.pictureInPictureEnabled || !this.#media || this.#media.readyState === 0) return;
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await this.#media.requestPictureInPicture().catch(() => undefined);
  }
  retry(): void {
    this.trouble = null;
    if (this.#engine) this.#engine.reload();
    else void this.play(this.position);
  }
  /** New rungs have been made: read the list again, keeping the place. */
  refresh(): void {
    if (this.started) this.#engine?.reload();
    else {
      this.#engine?.destroy();
      this.#engine = null;
      this.#opening = null;
    }
  }

  /** False when the action is not one of the film itself. */
  act(action: KeyAction): boolean {
    switch (action.kind) {
      case "toggle":
        this.toggle();
        return true;
      case "skip":
        this.skip(action.seconds);
        return true;
      case "seek-fraction":
        this.seek(this.duration * action.fraction);
        return true;
      case "volume":
        this.setVolume((this.muted ? 0 : this.volume) + action.step);
        return true;
      case "rate":
        this.stepRate(action.direction);
        return true;
      case "frame":
        this.pause();
        this.seek(this.position + action.direction / 25);
        return true;
      case "mute":
        this.toggleMute();
        return true;
      case "captions":
        this.toggleCaptions();
        return true;
      case "picture-in-picture":
        void this.togglePictureInPicture();
        return true;
      default:
        return false;
    }
  }

  async #open(): Promise<void> {
    const media = this.#media;
    if (!media) {
      this.#opening = null;
      return;
    }
    const asset = this.#asset();
    const events = {
      rungs: (rungs: Rung[]) => (this.rungs = rungs),
      playing: (height: number | null) => (this.playingHeight = height),
      failed: (reason: Trouble) => {
        if (!this.started) return this.refresh();
        this.trouble = reason;
        this.waiting = false;
      },
    };
    const { hls, file } = asset.urls;
    if (!hls) {
      this.#engine = fileEngine(media, file, events);
      return;
    }
    const sound = asset.tracks.find((t) => t.kind === "audio");
    const source = { master: hls, sound: sound ? hls.replace(/[^/]+$/, `${sound.id}/index.m3u8`) : null };
    const engine = await openEngine(media, source, events);
    if (this.#media === media) this.#engine = engine;
    else engine.destroy();
    if (this.quality.kind !== "auto") engine.choose(this.quality);
  }

  #tick(media: HTMLVideoElement): void {
    this.position = media.currentTime;
    this.#measure(media);
    if (media.paused || media.seeking) return;
    this.#reporter?.advance(media.currentTime, media.playbackRate, performance.now());
  }

  #measure(media: HTMLVideoElement): void {
    if (Number.isFinite(media.duration)) this.#elementDuration = media.duration;
    const { seekable, buffered } = media;
    this.reachable = seekable.length > 0 ? seekable.end(seekable.length - 1) : this.#elementDuration;
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) <= media.currentTime + 0.5 && media.currentTime <= buffered.end(i)) {
        this.buffered = buffered.end(i);
      }
    }
  }
}

/** On plain HTTP in a school there is no `crypto.randomUUID`. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function storedNumber(key: string, otherwise: number, least: number, most: number): number {
  try {
    const text = localStorage.getItem(key);
    const value = text === null ? NaN : Number(text);
    return value >= least && value <= most ? value : otherwise;
  } catch {
    return otherwise;
  }
}

function store(key: string, value: number): void {
  try {
    localStorage.setItem(key, String(value));
  } catch {
    // Storage forbidden: the choice lasts for this page.
  }
}
