import { sveltekit } from "@sveltejs/kit/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { staticPage } from "./static-page";

// Where `vite dev` and `vite preview` find the server.
const server = process.env.LOPMO_API ?? "http://127.0.0.1:8080";
const proxy = {
  "/api": { target: server, changeOrigin: false },
  "/health": { target: server, changeOrigin: false },
};

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: staticPage(),
      alias: { $lib: "src/lib" },
    }),
  ],
  server: { proxy },
  preview: { proxy },
  build: { target: "es2022" },
});
