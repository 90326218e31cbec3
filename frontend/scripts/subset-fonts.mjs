// Makes src/lib/styles/fonts/*.woff2: Be Vietnam Pro with only what Vietnamese and English pages use,
// one file a weight; and KaTeX's letters of the AMS with only what school papers use (ℝ, ∅, ⩽ …).
// Run after an update of @fontsource/be-vietnam-pro or katex: `npm run fonts`.
import { readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
const LATIN = range(0x20, 0x7e) + range(0xa0, 0xff);
const VIETNAMESE = "ĂăĐđĨĩŨũƠơƯư" + range(0x1ea0, 0x1ef9) + "₫";
const SIGNS = "‐‑–—‘’“”„†•…‰‹›€™−×÷≤≥≠≈→←↑↓";
// Files of the source split by letters; a letter that neither has falls back to the system's face.
const PARTS = { latin: LATIN + SIGNS, vietnamese: VIETNAMESE };

for (const weight of [400, 600]) {
  for (const [part, letters] of Object.entries(PARTS)) {
    const source = readFileSync(`node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-${part}-${weight}-normal.woff2`);
    const made = await subsetFont(source, letters, {
      targetFormat: "woff2",
      noHinting: true,
      keepFeatures: ["kern", "ccmp", "locl", "mark", "tnum"],
    });
    writeFileSync(`src/lib/styles/fonts/be-vietnam-pro-${part}-${weight}.woff2`, made);
    console.log(part, weight, source.length, "→", made.length);
  }
}

// The face names its letters, so that the browser goes on to KaTeX's own file for any other.
const SCHOOL = "ℏ⇄∁∄∅∡∤∦∴∵∽≁≜⊈⊊■□◊★✓⩽⩾";
const ams = readFileSync("node_modules/katex/dist/fonts/KaTeX_AMS-Regular.woff2");
const school = await subsetFont(ams, range(0x41, 0x5a) + SCHOOL, { targetFormat: "woff2", noHinting: true });
writeFileSync("src/lib/styles/fonts/katex-ams-school.woff2", school);
const points = Array.from(SCHOOL, (letter) => `U+${letter.codePointAt(0).toString(16).toUpperCase()}`);
writeFileSync(
  "src/lib/lesson/katex-ams.css",
  `/* Nearly all that school papers take of this face, a quarter of its bytes; for any other letter the browser goes
   on to KaTeX's own file. Written by scripts/subset-fonts.mjs. */
@font-face {
  font-family: KaTeX_AMS;
  src: url("../styles/fonts/katex-ams-school.woff2") format("woff2");
  font-display: block;
  unicode-range: U+41-5A, ${points.join(", ")};
}
`,
);
console.log("KaTeX_AMS", ams.length, "→", school.length);
