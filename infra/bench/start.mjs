// Start to first answer, and memory of an idle server, on a database that exists already.
import { Program, report } from "./program.mjs";

const program = await Program.start();
await program.setUp();
await program.end();
const times = [];
for (let round = 0; round < 5; round++) {
  const began = performance.now();
  const ready = program.serve();
  for (;;) {
    try {
      await (await fetch(`${program.address}/health/ready`)).arrayBuffer();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  times.push(performance.now() - began);
  await ready;
  if (round < 4) await program.end();
}
// After it has served a page and rested.
await (await fetch(program.address)).arrayBuffer();
await new Promise((resolve) => setTimeout(resolve, 25_000));
const memory = program.memory;
await program.remove();
report({ bench: "start", start_ms: Math.round(Math.max(...times)), idle_mb: Math.round(memory), limit_start_ms: 1000, limit_idle_mb: 80 });
