export { client, body, raw } from "./client";
export { ApiProblem, asProblem } from "./problem";
export type * from "./types";
