import adapterStatic from "@sveltejs/adapter-static";
import type { Adapter } from "@sveltejs/kit";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const PAGE = "build/index.html";
const INLINE = /<script>([\s\S]*?)<\/script>/;

/**
 * The static adapter, with kit's one inline script moved into a file of its own: the server can then
 * send `script-src 'self'` without knowing a hash that changes with every build. Everything is also laid
 * down compressed (.br, .gz), which is how the server sends it.
 */
export function staticPage(): Adapter {
  const inner = adapterStatic({ fallback: "index.html" });
  return {
    ...inner,
    name: "static-page",
    async adapt(builder) {
      await inner.adapt(builder);
      const page = readFileSync(PAGE, "utf8");
      const script = INLINE.exec(page)?.[1];
      if (script === undefined) throw new Error(`${PAGE} holds no inline script: has kit changed its start?`);
      const name = `start.${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
      writeFileSync(`build/_app/immutable/${name}`, script);
      // A function, since the replacement would otherwise read `$` in the address as a pattern.
      writeFileSync(PAGE, page.replace(INLINE, () => `<script src="/_app/immutable/${name}"></script>`));
      // After the rewriting, so that the compressed copies the server sends hold the same page.
      await builder.compress("build");
    },
  };
}
