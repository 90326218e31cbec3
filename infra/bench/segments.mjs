// CPU for a GB of segments, ours against nginx's on the very same files, in one run over loopback.
// Twelve kept-alive connections ask for the segments of every quality in turn.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, cpuOf, freePort, report } from "./program.mjs";

const SECONDS = Number(process.env.LOPMO_BENCH_SEGMENT_SECONDS ?? 10);
const work = mkdtempSync(join(tmpdir(), "lopmo-segments-"));
const film = join(work, "film.mp4");
// Grain, as a camera has it: the qualities get the sizes they have in real lessons.
execFileSync("infra/e2e/make-video.sh", [film, process.env.LOPMO_BENCH_FILM_SECONDS ?? "120", "720"], {
  env: { ...process.env, LOPMO_VIDEO_CRF: "20", LOPMO_VIDEO_GRAIN: "28" },
});

const program = await Program.start();
await program.setUp();
const asset = await program.upload("bai-giang.mp4", readFileSync(film));
const found = await program.until(asset, (one) => one.state === "ready");
const master = await (await program.fetch(found.urls.hls)).text();
const base = found.urls.hls.replace(/[^/]*$/, "");
const tracks = master.split("\n").flatMap((line) => /^([va]\d+)\/index/.exec(line)?.[1] ?? /URI="([va]\d+)\/index/.exec(line)?.[1] ?? []);

// The same bytes for nginx.
const all = [];
for (const track of new Set(tracks)) {
  const playlist = await (await program.fetch(`${base}${track}/index.m3u8`)).text();
  for (const line of playlist.split("\n").filter((line) => line !== "" && !line.startsWith("#"))) {
    const path = `${base}${track}/${line}`;
    const bytes = Buffer.from(await (await program.fetch(path)).arrayBuffer());
    const copy = `/${all.length}.m4s`;
    writeFileSync(join(work, copy), bytes);
    all.push({ path, copy, size: bytes.length });
  }
}
all.sort((a, b) => a.path.split("/").at(-1).localeCompare(b.path.split("/").at(-1)));
// Half a minute of film in all its qualities; all of it, more than the server keeps in memory; and its
// sound alone, the smallest files, where the cost of a request itself tells.
const early = all.filter((one) => /seg-0000[0-7]\./.test(one.path));
const sound = all.filter((one) => /\/a\d+\/seg-/.test(one.path));
const port = await freePort();
writeFileSync(
  join(work, "nginx.conf"),
  `daemon off; worker_processes 1; pid ${work}/pid; error_log stderr; user root; events {}
http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${work}/b; proxy_temp_path ${work}/p; fastcgi_temp_path ${work}/f;
uwsgi_temp_path ${work}/u; scgi_temp_path ${work}/s; server { listen 127.0.0.1:${port}; root ${work}; } }`,
);
const nginx = spawn("/usr/sbin/nginx", ["-c", join(work, "nginx.conf")], { stdio: ["ignore", "ignore", "inherit"] });
for (;;) {
  try {
    const first = await fetch(`http://127.0.0.1:${port}/0.m4s`);
    if (!first.ok) throw new Error(`nginx: ${first.status}`);
    break;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const nginxWorker = Number(readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`, "utf8").trim().split(" ")[0]);

for (const [name, chosen] of [["half a minute", early], ["whole film", all], ["sound alone", sound]]) {
  // In turns, twice, so that neither has the warmer caches.
  const ours = { cpu: 0, bytes: 0, requests: 0 };
  const theirs = { cpu: 0, bytes: 0, requests: 0 };
  for (let round = 0; round < 2; round++) {
    measure(ours, () => program.cpu, program.port, chosen.map((one) => one.path), program.cookie);
    measure(theirs, () => cpuOf(nginxWorker), port, chosen.map((one) => one.copy), "");
  }
  const perGb = (one) => one.cpu / (one.bytes / 1e9);
  report({
    bench: "segments",
    asked_for: name,
    files: chosen.length,
    mean_kilobytes: Math.round(chosen.reduce((sum, one) => sum + one.size, 0) / chosen.length / 1000),
    distinct_megabytes: Math.round(chosen.reduce((sum, one) => sum + one.size, 0) / 1e6),
    gigabytes: Number((ours.bytes / 1e9).toFixed(2)),
    cpu_seconds_per_gb: Number(perGb(ours).toFixed(3)),
    nginx_cpu_seconds_per_gb: Number(perGb(theirs).toFixed(3)),
    cpu_microseconds_a_request: Math.round((ours.cpu / ours.requests) * 1e6),
    nginx_cpu_microseconds_a_request: Math.round((theirs.cpu / theirs.requests) * 1e6),
    ratio: Number((perGb(ours) / perGb(theirs)).toFixed(2)),
    limit_ratio: 2,
  });
}
nginx.kill();
await program.remove();
rmSync(work, { recursive: true, force: true });

function measure(into, cpu, toPort, paths, cookie) {
  const script = join(work, "paths.lua");
  writeFileSync(
    script,
    `local paths = {${paths.map((path) => JSON.stringify(path)).join(",")}}
local at = 0
local headers = {${cookie ? `["cookie"] = ${JSON.stringify(cookie)}` : ""}}
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at], headers) end
done = function(summary)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.bytes, errors.status + errors.connect + errors.read + errors.timeout))
end`,
  );
  const before = cpu();
  const said = execFileSync("wrk", ["-t1", "-c12", `-d${SECONDS}s`, "-s", script, `http://127.0.0.1:${toPort}`], { encoding: "utf8" });
  const [, requests, bytes, errors] = /RESULT (\d+) (\d+) (\d+)/.exec(said).map(Number);
  if (errors > 0) throw new Error(`${errors} requests failed on port ${toPort}`);
  into.cpu += cpu() - before;
  into.bytes += bytes;
  into.requests += requests;
}
