import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./server";

const script = join(import.meta.dirname, "../../../infra/test-postgres.sh");

/** A PostgreSQL server of its own, and the address of an empty database in it. */
export class Postgres {
  private readonly folder = mkdtempSync(join(tmpdir(), "lopmo-e2e-postgres-"));
  private constructor(private readonly port: number) {}

  static async start(): Promise<Postgres> {
    const postgres = new Postgres(await freePort());
    // Its own user walks through the folder.
    await promisify(execFile)("chmod", ["755", postgres.folder]);
    await postgres.run("start");
    return postgres;
  }
  get url(): string {
    return `postgres://lopmo@127.0.0.1:${this.port}/postgres`;
  }
  async stop(): Promise<void> {
    await this.run("stop");
    rmSync(this.folder, { recursive: true, force: true });
  }
  private run(action: "start" | "stop") {
    return promisify(execFile)(script, [action, join(this.folder, "cluster")], {
      env: { ...process.env, LOPMO_TEST_POSTGRES_PORT: String(this.port) },
    });
  }
}
