// The real program on a data folder of its own, and a person signed in to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.env.LOPMO_BENCH_BINARY;
const PASSWORD = "mua-thu-ha-noi";

export function report(figures) {
  console.log(JSON.stringify(figures));
}

export class Program {
  data = mkdtempSync(join(tmpdir(), "lopmo-bench-"));
  lines = [];

  static async start(...args) {
    const program = new Program();
    program.port = await freePort();
    await program.serve(...args);
    return program;
  }

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  async serve(...args) {
    this.child = spawn(binary, ["serve", ...args], {
      env: { PATH: process.env.PATH, LOPMO_DATA_FOLDER: this.data, LOPMO_LISTEN: `127.0.0.1:${this.port}`, LOPMO_LOG__LEVEL: "warn" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    // A figure that fails must not leave a server behind.
    const { child } = this;
    process.once("exit", () => child.kill("SIGKILL"));
    await new Promise((resolve, reject) => {
      createInterface(this.child.stdout).on("line", (line) => {
        this.lines.push(line);
        if (line.includes("is running")) resolve();
      });
      this.child.once("exit", (code) => reject(new Error(`lopmo ended with ${code}`)));
    });
  }

  async end(signal = "SIGTERM") {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
  }

  async remove() {
    await this.end();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Resident memory of the server itself, in MB. */
  get memory() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]) / 1024;
  }

  /** Seconds of CPU used so far. */
  get cpu() {
    return cpuOf(this.child.pid);
  }

  /** Sets the server up and signs its administrator in. */
  async setUp() {
    const token = /setup\?token=(\S+)/.exec(this.lines.join("\n"))[1];
    const body = { token, school_name: "Trường thử", display_name: "Đặng Thị Ánh", username: "anh.dt", password: PASSWORD };
    const reply = await this.fetch("/api/setup", { method: "POST", json: body });
    this.me = (await reply.json()).person;
    this.organisation = this.me.roles[0].organisation.id;
  }

  async fetch(path, { json, headers = {}, ...options } = {}) {
    const all = { ...headers };
    if (this.cookie) all.cookie = this.cookie;
    if (json !== undefined) all["content-type"] = "application/json";
    const body = json === undefined ? options.body : JSON.stringify(json);
    const reply = await fetch(this.address + path, { ...options, headers: all, body });
    const set = reply.headers.getSetCookie().map((line) => line.split(";")[0]);
    if (set.length > 0) this.cookie = set.join("; ");
    if (!reply.ok) throw new Error(`${options.method ?? "GET"} ${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  }

  /** Opens a tus upload; returns its path. */
  async openUpload(name, length) {
    const encode = (text) => Buffer.from(text).toString("base64");
    const reply = await this.fetch("/api/uploads", {
      method: "POST",
      headers: {
        "tus-resumable": "1.0.0",
        "upload-length": String(length),
        "upload-metadata": `filename ${encode(name)},organisation ${encode(this.organisation)}`,
      },
    });
    return new URL(reply.headers.get("location"), this.address).pathname;
  }

  /** Uploads a file in one go; returns the asset's id. */
  async upload(name, bytes) {
    const path = await this.openUpload(name, bytes.length);
    const headers = { "tus-resumable": "1.0.0", "upload-offset": "0", "content-type": "application/offset+octet-stream" };
    const reply = await this.fetch(path, { method: "PATCH", headers, body: bytes });
    return reply.headers.get("upload-asset");
  }

  /** Asks for an asset until it is as wanted. */
  async until(asset, wanted, seconds = 1800) {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const found = await (await this.fetch(`/api/assets/${asset}`)).json();
      if (wanted(found)) return found;
      if (found.state === "failed") throw new Error(`the asset failed: ${JSON.stringify(found.failure)}`);
      if (performance.now() > deadline) throw new Error("too long");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
