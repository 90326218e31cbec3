import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = join(tmpdir(), "lopmo-e2e");

/** A minute of a lesson with a spoken voice, made by a script of this tree. */
export const film = join(folder, "bai-giang-1.mp4");

export default function makeFilm(): void {
  if (existsSync(film)) return;
  mkdirSync(folder, { recursive: true });
  execFileSync(join(import.meta.dirname, "../../../infra/e2e/make-video.sh"), [film, "60", "720"], { stdio: "inherit" });
}
