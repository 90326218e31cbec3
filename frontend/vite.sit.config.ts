import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { join } from "node:path";
import { defineConfig } from "vite";
import { sitPage } from "./sit-page.ts";

// Runs after kit's build and adds to its folder.
export default defineConfig({
  plugins: [sitPage(), tailwindcss(), svelte({ configFile: false })],
  resolve: { alias: { $lib: join(import.meta.dirname, "src/lib") } },
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "build",
    emptyOutDir: false,
    assetsDir: "_app/immutable/sit",
    assetsInlineLimit: 0,
    // Old browsers that need it cannot run the page anyway.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { sit: "sit.html", "service-worker": "src/lib/sitting/page/service-worker.ts" },
      output: {
        entryFileNames: (chunk) =>
          chunk.name === "service-worker" ? "service-worker.js" : "_app/immutable/sit/[name].[hash].js",
        chunkFileNames: "_app/immutable/sit/[name].[hash].js",
        assetFileNames: "_app/immutable/sit/[name].[hash][extname]",
      },
    },
  },
});
