import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const binary = process.env.LOPMO_TEST_BINARY ?? join(import.meta.dirname, "../../../target/debug/lopmo");

/** A process of the real program. */
class Process {
  readonly lines: string[] = [];
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it and waits until it says `ready`. */
  static async start(args: string[], env: Record<string, string>, ready: RegExp): Promise<Process> {
    const child = spawn(binary, args, {
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const started = new Process(child);
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface(stream).on("line", (line) => {
          started.lines.push(line);
          if (ready.test(line)) resolve();
        });
      }
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`lopmo ${args.join(" ")} ended with ${code}:\n${started.lines.join("\n")}`)),
      );
    });
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
  }
}

/** The program on a data folder of its own: one server, and a worker of its own process. */
export class Lopmo {
  readonly data = mkdtempSync(join(tmpdir(), "lopmo-e2e-data-"));
  private server: Process | null = null;
  private worker: Process | null = null;
  private constructor(
    private readonly port: number,
    private readonly database: string | null,
  ) {}

  static async start(...args: string[]): Promise<Lopmo> {
    return Lopmo.startOn(null, ...args);
  }

  /** On a PostgreSQL server; on a file of its own where there is none. */
  static async startOn(database: string | null, ...args: string[]): Promise<Lopmo> {
    const lopmo = new Lopmo(await freePort(), database);
    await lopmo.serve(...args);
    return lopmo;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Everything the server and the worker have said so far. */
  get said(): string {
    return [...(this.server?.lines ?? []), ...(this.worker?.lines ?? [])].join("\n");
  }

  async serve(...args: string[]): Promise<void> {
    this.server = await Process.start(["serve", "--no-worker", ...args], this.env, new RegExp(this.address));
  }

  async work(): Promise<void> {
    this.worker = await Process.start(["worker"], this.env, /worker is ready/);
  }

  /** Runs a command beside the running server; gives what it said, whatever came of it. */
  async command(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...this.env };
    const ended = await promisify(execFile)(binary, args, { env }).catch(
      (failed: { stdout: string; stderr: string }) => failed,
    );
    return ended.stdout + ended.stderr;
  }

  /** As when the power fails: no chance to put anything in order. */
  async killServer(): Promise<void> {
    await this.server?.end("SIGKILL");
  }

  async killWorker(): Promise<void> {
    await this.worker?.end("SIGKILL");
  }

  /** The link of the first start, from the log. */
  get setupLink(): string {
    const link = /https?:\/\/\S+\/setup\?token=\S+/.exec(this.said);
    if (link === null) throw new Error(`no setup link in:\n${this.said}`);
    return link[0];
  }

  async stop(): Promise<void> {
    await this.worker?.end("SIGTERM");
    await this.server?.end("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }

  private get env(): Record<string, string> {
    return {
      LOPMO_DATA_FOLDER: this.data,
      LOPMO_LISTEN: `127.0.0.1:${this.port}`,
      ...(this.database === null ? {} : { LOPMO_DATABASE__URL: this.database }),
    };
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
