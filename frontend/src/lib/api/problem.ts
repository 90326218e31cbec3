import type { FieldProblem, Problem } from "./types";

/** A refusal by the server (or none at all), carrying the stable code that is also the message key. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable code such as `not-found`; `offline` when the server could not be reached. */
  readonly code: string;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly fields: FieldProblem[];
  /** Seconds to wait before another try, when the server said so. */
  readonly retryAfter: number | null;

  constructor(problem: Partial<Problem> & { code: string }, retryAfter: number | null = null) {
    super(problem.title ?? problem.code);
    this.name = "ApiProblem";
    this.status = problem.status ?? 0;
    this.code = problem.code;
    this.detail = problem.detail ?? null;
    this.requestId = problem.request_id ?? null;
    this.fields = problem.fields ?? [];
    this.retryAfter = retryAfter;
  }

  /** The first complaint about a field; `/new_password`, `new_password` and `meta.title` match by their last part. */
  field(name: string): FieldProblem | undefined {
    return this.fields.find((field) => field.pointer.split(/[/.]/).at(-1) === name);
  }
}

/** Reads a failed reply; a reply that is not problem+json (a proxy's page) becomes `internal`. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const wait = Number(response.headers.get("retry-after"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const body = (await response.clone().json()) as Partial<Problem>;
    if (typeof body.code === "string") {
      return new ApiProblem({ ...body, code: body.code, status: response.status }, retryAfter);
    }
  } catch {
    // Not JSON: fall through to the code by status.
  }
  const code = response.status === 404 ? "not-found" : response.status === 401 ? "sign-in-needed" : "internal";
  return new ApiProblem({ code, status: response.status }, retryAfter);
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem({ code: "internal", title: String(error) });
