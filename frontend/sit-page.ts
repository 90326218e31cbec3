import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const WORKER = "service-worker.js";
const PAGE = "sit.html";
/** What stands in the worker's source for the addresses of the page. */
const LIST = "__SITTING_SHELL__";
/** Beside the page itself; kit has laid them down. */
const STATIC = ["/theme.js", "/favicon.svg"];

/**
 * The page on which tests are sat: its own small build beside kit's. Its words come in place of the whole
 * app's, its worker learns the names of its files, and everything is laid down compressed, as kit's is.
 */
export function sitPage(): Plugin {
  const written: string[] = [];
  let folder = "build";
  return {
    name: "sit-page",
    enforce: "pre",
    configResolved: (config) => void (folder = config.build.outDir),
    resolveId(source, importer) {
      const words = source === "./areas" && importer?.endsWith("/i18n/locale.svelte.ts");
      return words ? join(import.meta.dirname, "src/lib/sitting/page/areas.ts") : null;
    },
    transform(code, id) {
      // Every browser that can run the page reads woff2; the other forms of KaTeX's letters stay out.
      if (!/katex[^/]*\.css/.test(id)) return null;
      return code.replaceAll(/,url\([^)]*\.(woff|ttf)\) ?format\([^)]*\)/g, "");
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const worker = bundle[WORKER];
        const files = Object.values(bundle);
        // Formulas are kept when a paper has brought them: most have none.
        const lazy = new Set(files.filter((file) => isOfFormulas(file)).map((file) => file.fileName));
        const shell = files.map((file) => file.fileName).filter((name) => name !== WORKER && !lazy.has(name));
        if (worker?.type !== "chunk" || !worker.code.includes(LIST)) throw new Error("the worker has no place for its list");
        if (/^\s*(im|ex)port\b/m.test(worker.code)) throw new Error("the worker must be one file");
        const list = [...shell.map((name) => `/${name}`), ...STATIC];
        worker.code = worker.code.replace(LIST, () => list.join(" "));
        written.push(...files.map((file) => file.fileName));
      },
    },
    closeBundle() {
      for (const name of written) {
        const path = join(folder, name);
        if (!/\.(js|css|html|svg)$/.test(name) || !existsSync(path)) continue;
        const bytes = readFileSync(path);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
      if (!existsSync(join(folder, PAGE))) throw new Error(`${PAGE} was not built`);
    },
  };
}

function isOfFormulas(file: { fileName: string; type: string } & object): boolean {
  if (/katex|KaTeX/.test(file.fileName)) return true;
  const modules = "moduleIds" in file ? (file.moduleIds as string[]) : [];
  return modules.length > 0 && modules.every((id) => /node_modules\/katex|formula\.ts|rolldown/.test(id));
}
