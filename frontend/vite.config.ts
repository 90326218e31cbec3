import { sveltekit } from "@sveltejs/kit/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";
import { staticPage } from "./static-page.ts";

// Where `vite dev` and `vite preview` find the server.
const server = process.env.LOPMO_API ?? "http://127.0.0.1:8080";
const proxy = {
  "/api": { target: server, changeOrigin: false },
  "/health": { target: server, changeOrigin: false },
};

const EVERYWHERE =
  /src\/lib\/(api|state|shell\/(Shell|Brand|Preferences|navigation)|i18n\/[a-z.]+\.ts|ui\/(Avatar|Badge|Breadcrumb|Button|EmptyState|ErrorState|Field|LabelButton|LessonCard|LoadMore|OfflineBanner|PageHeader|Select|Skeleton|Spinner|TextInput|ToastRegion|toast)\b)|openapi-fetch|@lucide\/svelte\/dist\/[A-Za-z]+\./;

const sharedByMostPages = (id: string): boolean => EVERYWHERE.test(id) && !/i18n\/(vi|en)\.ts/.test(id);

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: staticPage(),
      alias: { $lib: "src/lib" },
    }),
  ],
  test: { include: ["src/**/*.test.ts"] },
  server: { proxy },
  preview: { proxy },
  build: {
    target: "es2022",
    // Nothing as a data: address: the server allows fonts and pictures from itself only.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Pieces that nearly every page shares travel together: on a slow line forty small files cost
        // more than one. What only some pages need (menus, dialogs, tables) stays apart.
        // What the start script needs stays apart: it fills kit's payload before anything may run that
        // reads it (else every 404 looks like an outdated page and reloads for ever).
        codeSplitting: {
          groups: [
            { name: "start", test: /kit\/src\/runtime\/client\/payload|vite\/preload-helper/, priority: 10 },
            { name: "shared", test: sharedByMostPages },
          ],
        },
      },
    },
  },
});
