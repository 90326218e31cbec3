// Writes src/lib/api/schema.d.ts from openapi.json; with --check it only says whether they agree.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const FILE = "src/lib/api/schema.d.ts";
const description = JSON.parse(readFileSync("openapi.json", "utf8"));

// A schema that is named but not described is a slip of the server's description: said aloud, typed as text.
const schemas = description.components.schemas;
for (const [, name] of JSON.stringify(description).matchAll(/#\/components\/schemas\/([\w.]+)/g)) {
  if (name in schemas) continue;
  console.warn(`openapi.json names the schema ${name} without describing it`);
  schemas[name] = { type: "string" };
}
const made = COMMENT_HEADER + astToString(await openapiTS(description));

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, made);
} else if (readFileSync(FILE, "utf8") !== made) {
  console.error(`${FILE} is not what openapi.json says: run \`npm run api\` and commit it.`);
  process.exit(1);
}
