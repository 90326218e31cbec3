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
// So is a parameter said to lie in the path when the path has no place for it: it comes as a query.
for (const [path, operations] of Object.entries(description.paths)) {
  for (const parameter of Object.values(operations).flatMap((operation) => operation.parameters ?? [])) {
    if (parameter.in !== "path" || path.includes(`{${parameter.name}}`)) continue;
    console.warn(`openapi.json puts ${parameter.name} into ${path}: taken as a query parameter`);
    const schema = parameter.schema ?? {};
    const nullable = [schema.type].flat().includes("null") || schema.oneOf?.some((one) => one.type === "null");
    Object.assign(parameter, { in: "query", required: parameter.required && !nullable });
  }
}
const made = COMMENT_HEADER + astToString(await openapiTS(description, { emptyObjectsUnknown: true }));

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, made);
} else if (readFileSync(FILE, "utf8") !== made) {
  console.error(`${FILE} is not what openapi.json says: run \`npm run api\` and commit it.`);
  process.exit(1);
}
