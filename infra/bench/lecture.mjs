// A 45-minute lecture of 720 lines: how long after the end of its upload it plays from its start.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, report } from "./program.mjs";

const folder = join(tmpdir(), "lopmo-bench-films");
const film = join(folder, "lecture-45min-720p.mp4");
mkdirSync(folder, { recursive: true });
if (!existsSync(film)) {
  // Ninety seconds, thirty times over: drawing three quarters of an hour would take longer than the bench.
  const piece = join(folder, "piece-90s-720p.mp4");
  execFileSync("infra/e2e/make-video.sh", [piece, "90", "720"], { stdio: "inherit" });
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-stream_loop", "29", "-i", piece, "-c", "copy", "-movflags", "+faststart", film]);
}

const program = await Program.start();
await program.setUp();
const bytes = readFileSync(film);
const asset = await program.upload("bai-giang-45-phut.mp4", bytes);
const began = performance.now();
const found = await program.until(asset, (one) => one.playable, 300);
const hls = await (await program.fetch(found.urls.hls)).text();
const playable = (performance.now() - began) / 1000;
await program.remove();
report({ bench: "lecture", minutes: 45, bytes: bytes.length, playable_seconds: Number(playable.toFixed(1)), has_playlist: hls.includes("#EXTM3U"), limit_playable_seconds: 60 });
