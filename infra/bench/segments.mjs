// CPU for a GB of segments, ours against nginx's on the very same files, in one run over loopback.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, cpuOf, freePort, report } from "./program.mjs";

const BYTES = Number(process.env.LOPMO_BENCH_SEGMENT_BYTES ?? 4_000_000_000);
const work = mkdtempSync(join(tmpdir(), "lopmo-segments-"));
const film = join(work, "film.mp4");
execFileSync("infra/e2e/make-video.sh", [film, "60", "720"], { env: { ...process.env, LOPMO_VIDEO_CRF: "14" } });

const program = await Program.start();
await program.setUp();
const asset = await program.upload("bai-giang.mp4", readFileSync(film));
const found = await program.until(asset, (one) => one.state === "ready");
const master = await (await program.fetch(found.urls.hls)).text();
const base = found.urls.hls.replace(/[^/]*$/, "");
const heights = master.split("\n").filter((line) => /^v\d+\//.test(line));
const largest = heights.sort((a, b) => parseInt(b.slice(1)) - parseInt(a.slice(1)))[0];
const media = await (await program.fetch(base + largest)).text();
const segments = media.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => base + largest.replace(/[^/]*$/, "") + line);

// The same bytes for nginx.
const copies = [];
for (const [index, path] of segments.entries()) {
  const file = `${index}.m4s`;
  writeFileSync(join(work, file), Buffer.from(await (await program.fetch(path)).arrayBuffer()));
  copies.push(`/${file}`);
}
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

// Both in turn, twice, so that neither has the warmer cache.
const ours = { cpu: 0, bytes: 0 };
const theirs = { cpu: 0, bytes: 0 };
for (let round = 0; round < 2; round++) {
  await measure(ours, () => program.cpu, program.port, segments, { cookie: program.cookie });
  await measure(theirs, () => cpuOf(nginxWorker), port, copies, {});
}
nginx.kill();
await program.remove();
rmSync(work, { recursive: true, force: true });
const perGb = (one) => one.cpu / (one.bytes / 1e9);
report({
  bench: "segments",
  bytes: ours.bytes,
  cpu_seconds_per_gb: Number(perGb(ours).toFixed(3)),
  nginx_cpu_seconds_per_gb: Number(perGb(theirs).toFixed(3)),
  ratio: Number((perGb(ours) / perGb(theirs)).toFixed(2)),
  limit_ratio: 2,
});

async function measure(into, cpu, toPort, paths, headers) {
  const before = cpu();
  let bytes = 0;
  let next = 0;
  const lane = async () => {
    while (bytes < BYTES / 2) bytes += await take(toPort, paths[next++ % paths.length], headers);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  into.cpu += cpu() - before;
  into.bytes += bytes;
}

function take(toPort, path, headers) {
  return new Promise((resolve, reject) => {
    get({ port: toPort, host: "127.0.0.1", path, headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`));
      let bytes = 0;
      response.on("data", (chunk) => (bytes += chunk.length));
      response.on("end", () => resolve(bytes));
    }).on("error", reject);
  });
}
