import type { TestRow } from "./api";

/** Where a test stands for whoever looks at it. */
export type Standing = "draft" | "coming" | "open" | "sitting" | "done" | "closed";

export function standingOf(row: TestRow, now: number): Standing {
  if (row.state === "draft") return "draft";
  if (!row.manages && row.open > 0) return "sitting";
  if (!row.manages && row.submitted > 0) return "done";
  if (row.opens_at !== null && now < row.opens_at) return "coming";
  if (row.closes_at !== null && now >= row.closes_at) return "closed";
  return "open";
}
