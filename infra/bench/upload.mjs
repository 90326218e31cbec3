// 1 GB with 20 forced disconnects and one kill of the server: identical, and how much the server's memory grew.
import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { Program, report } from "./program.mjs";

const SIZE = Number(process.env.LOPMO_BENCH_UPLOAD_BYTES ?? 1_000_000_000);
const CUTS = 20;
const program = await Program.start("--no-worker");
await program.setUp();
await program.end();
await program.serve();

// A megabyte repeated with its number: cheap to make again from any offset, and no two are alike.
const noise = randomBytes(1 << 20);
const piece = (number) => {
  const copy = Buffer.from(noise);
  copy.writeUInt32LE(number, 0);
  return copy;
};
const hash = createHash("sha256");
for (let at = 0, number = 0; at < SIZE; number++, at += 1 << 20) hash.update(piece(number).subarray(0, Math.min(1 << 20, SIZE - at)));
const wanted = hash.digest("hex");

let idle = program.memory;
let grown = 0;
const watch = setInterval(() => {
  try {
    grown = Math.max(grown, program.memory - idle);
  } catch {
    // Between the kill and the next start there is no process to look at.
  }
}, 50);

const path = await program.openUpload("bai-giang.bin", SIZE);
const offset = async () => Number((await program.fetch(path, { method: "HEAD", headers: { "tus-resumable": "1.0.0" } })).headers.get("upload-offset"));
let asset = null;
let interruptions = 0;
let killed = false;
const began = performance.now();
for (let at = 0; asset === null; at = await offset()) {
  // Cut at CUTS places spread over the file; in the middle the server is killed instead.
  const until = Math.min(SIZE, Math.ceil(((interruptions + 1) * SIZE) / (CUTS + 2)) + 12_345);
  const last = interruptions > CUTS;
  asset = await send(at, last ? SIZE : until, last);
  if (asset === "again") {
    // The server was still putting away the end of the cut request: ask it again where it is.
    asset = null;
    continue;
  }
  if (asset !== null) break;
  interruptions++;
  if (!killed && interruptions === CUTS / 2) {
    killed = true;
    await program.end("SIGKILL");
    await program.serve();
    idle = program.memory;
  }
}
const seconds = (performance.now() - began) / 1000;
clearInterval(watch);
await program.until(asset, (found) => found.state === "ready");
const got = createHash("sha256");
for await (const chunk of (await program.fetch(`/api/assets/${asset}/file`)).body) got.update(chunk);
await program.remove();
report({
  bench: "upload",
  bytes: SIZE,
  disconnects: interruptions - 1,
  kills: killed ? 1 : 0,
  identical: got.digest("hex") === wanted,
  memory_growth_mb: Math.round(grown),
  limit_memory_growth_mb: 64,
  mb_per_second: Math.round(SIZE / 1e6 / seconds),
});

/** One PATCH that promises the rest of the file; cut at `until` unless it is the end. */
function send(from, until, whole) {
  return new Promise((resolve, reject) => {
    const socket = connect(program.port, "127.0.0.1");
    let answer = "";
    socket.on("error", () => resolve(null));
    socket.on("data", (data) => (answer += data));
    socket.on("close", () => {
      const found = /upload-asset: (\S+)/i.exec(answer);
      if (/^HTTP\/1.1 (409|423)/.test(answer)) resolve("again");
      else if (whole && !found) reject(new Error(`no asset in: ${answer}`));
      else resolve(found?.[1] ?? null);
    });
    socket.on("connect", async () => {
      socket.write(
        `PATCH ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${program.cookie}\r\ntus-resumable: 1.0.0\r\nupload-offset: ${from}\r\n` +
          `content-type: application/offset+octet-stream\r\ncontent-length: ${SIZE - from}\r\nconnection: close\r\n\r\n`,
      );
      for (let at = from; at < until; ) {
        const number = Math.floor(at / (1 << 20));
        const end = Math.min(until, (number + 1) * (1 << 20));
        if (!socket.write(piece(number).subarray(at - number * (1 << 20), end - number * (1 << 20)))) {
          await new Promise((next) => {
            const go = () => {
              socket.off("drain", go).off("close", go);
              next();
            };
            socket.once("drain", go).once("close", go);
          });
        }
        if (socket.destroyed) return;
        at = end;
      }
      if (!whole) setTimeout(() => socket.destroy(), 50);
    });
  });
}
