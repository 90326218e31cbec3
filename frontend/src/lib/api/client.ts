import createClient from "openapi-fetch";
import { connection } from "$lib/state/connection.svelte";
import { session } from "$lib/state/session.svelte";
import type { paths } from "./paths";
import { ApiProblem, problemOf } from "./problem";

/**
 * One request to the server. When the session has run out under a signed-in person, the sign-in
 * dialog opens over the page and the same request goes out again afterwards: nothing typed is lost.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await reach(request);
  if (response.status !== 401 || !session.person || isSignIn(request)) return response;
  const problem = await problemOf(response);
  if (problem.code !== "session-expired" && problem.code !== "sign-in-needed") return response;
  const asked = session.person.id;
  await session.signInAgain();
  // What one person wanted is never done in the name of another.
  return session.person?.id === asked ? reach(again) : response;
}

const isSignIn = (request: Request) => request.method === "POST" && request.url.endsWith("/api/session");

async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    connection.reached();
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    connection.missed();
    throw new ApiProblem({ code: "offline" });
  }
}

/** The typed client; its paths come from openapi.json. */
export const client = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  fetch: send,
});

/** The reply's body, or an ApiProblem thrown. `await body(client.GET("/api/people", …))` */
export async function body<T>(reply: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<T> {
  const { data, response } = await reply;
  if (!response.ok) throw await failure(response, (await reply).error);
  return data as T;
}

async function failure(response: Response, error: unknown): Promise<ApiProblem> {
  if (error && typeof error === "object" && "code" in error) {
    const wait = Number(response.headers.get("retry-after"));
    return new ApiProblem({ ...(error as { code: string }), status: response.status }, wait > 0 ? wait : null);
  }
  return new ApiProblem({ code: response.status === 404 ? "not-found" : "internal", status: response.status });
}

/** For bodies that are not JSON (files, captions): the raw reply, or an ApiProblem thrown. */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(new Request(new URL(path, location.origin), init));
  if (!response.ok) throw await problemOf(response);
  return response;
}
