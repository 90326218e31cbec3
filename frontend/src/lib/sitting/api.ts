import { body, client, raw } from "$lib/api/client";
import { ApiProblem, problemOf } from "$lib/api/problem";
import type { Answer, Described } from "$lib/api/types";
import type { TestResponse } from "./response";

export type Lobby = Answer<Described["TestLobby"]>;
export type LinkLobby = Answer<Described["TestLinkLobby"]>;
export type SealedPaper = Answer<Described["SealedPaper"]>;
export type Sitting = Omit<Answer<Described["Sitting"]>, "answers"> & {
  answers: { item: number; response: TestResponse | null }[];
};
export type Receipt = Answer<Described["AttemptReceipt"]>;
// What a question does not have is left out of a paper, not null: whoever reads one falls back on nothing.
export type ShownPaper = Answer<Described["ShownPaper"]>;
export type ShownItem = ShownPaper["items"][number];
export type Shape = Answer<Described["TestShape"]>;
export type BlankShape = Answer<Described["TestBlankShape"]>;
export type Form = Answer<Described["TestForm"]>;
export type Message = Answer<Described["TestMessage"]>;
export type Saved = Answer<Described["SittingSaved"]>;
export type RefusedBecause = Saved["refused"][number]["because"];
export type EventKind = Described["EventKind"];
export type Result = Omit<Answer<Described["AttemptResult"]>, "review"> & { review: Review | null };
export type Solution = Described["TestSolution"];
export interface Review {
  paper: ShownPaper;
  form: Form;
  items: {
    mark: Answer<Described["TestItemMark"]>;
    response: TestResponse | null;
    solution: Solution | null;
    explanation: { html: string; text: string } | null;
    explanation_media?: Record<string, string>;
    explanation_letters?: Described["ExplanationLetters"] | null;
    ruling: Described["TestRuling"];
  }[];
  photos?: Photo[];
}
/** A photo of an attempt that has come to the server. */
export type Photo = Answer<Described["AttemptPhoto"]>;

export type Checked = Answer<Described["SittingChecked"]>;

export interface AnswerSent {
  sequence: number;
  item: number;
  at: number;
  response: TestResponse | null;
}
export interface EventSent {
  sequence: number;
  kind: EventKind;
  at: number;
  lasted_ms: number | null;
}

/** This device's clock, in microseconds. */
export const deviceClock = () => Date.now() * 1000;

const at = (id: string) => ({ params: { path: { id } } });
const begun = (password: string) => ({ sent_at: deviceClock(), password: password || null });

/** Before the bell and afterwards: a session says who asks, or the link. */
export const lobbies = {
  ofTest: (id: string) => body<Lobby>(client.GET("/api/tests/{id}/lobby", at(id))),
  ofLink: (link: string) =>
    body<LinkLobby>(client.GET("/api/test-links/{link}", { params: { path: { link } } })),
  begin: (id: string, password: string) =>
    body<Sitting>(client.POST("/api/tests/{id}/begin", { ...at(id), body: begun(password) })),
  beginByLink: (link: string, entrant_id: string, password: string) =>
    body<Sitting>(
      client.POST("/api/test-links/{link}/begin", {
        params: { path: { link } },
        body: { entrant_id, ...begun(password) },
      }),
    ),
};

/** Where a photo of an attempt is, for whose session opens it; small to choose by, else as large as it is kept. */
export const photoAddress = (attempt: string, name: string, size: "small" | "large") =>
  `/api/attempts/${attempt}/photos/${name}${size === "small" ? "?pixels=320" : ""}`;

export const results = {
  ofAttempt: (id: string) => body<Result>(client.GET("/api/attempts/{id}/result", at(id))),
  byReceipt: (attempt_id: string, code: string) =>
    body<Result>(client.POST("/api/test-receipts", { body: { attempt_id, code } })),
  file: (attempt_id: string, code: string, number: number): Promise<Blob> => ofReceipt(`files/${number}`, attempt_id, code),
  photo: (attempt_id: string, code: string, name: string): Promise<Blob> => ofReceipt(`photos/${name}`, attempt_id, code),
  explaining: (attempt_id: string, code: string, item: number, name: string): Promise<Blob> =>
    ofReceipt(`items/${item}/files/${name}`, attempt_id, code),
};

async function ofReceipt(what: string, attempt_id: string, code: string): Promise<Blob> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ attempt_id, code }) };
  return (await raw(`/api/test-receipts/${what}`, init)).blob();
}

const PATIENCE_MS = 20_000;
/** For half a megabyte over the slowest line that carries anything. */
const PHOTO_PATIENCE_MS = 180_000;

/**
 * A request with the secret of this device. It goes round the session on purpose: nothing that happens to
 * the account while a test is sat may come between an answer and the server.
 */
async function ask(token: string, path: string, sent?: unknown): Promise<Response> {
  const json = { "content-type": "application/json" };
  return carry(token, path, sent === undefined ? {} : { method: "POST", body: JSON.stringify(sent), headers: json }, PATIENCE_MS);
}

async function carry(token: string, path: string, what: RequestInit, patience: number): Promise<Response> {
  const init: RequestInit = {
    ...what,
    headers: { authorization: `Bearer ${token}`, ...(what.headers as Record<string, string> | undefined) },
    credentials: "omit",
    cache: "no-store",
  };
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patience);
  let reply: Response;
  try {
    reply = await fetch(path, { ...init, signal: giveUp.signal });
  } catch {
    throw new ApiProblem({ code: "offline" });
  } finally {
    clearTimeout(timer);
  }
  if (!reply.ok) throw await problemOf(reply);
  return reply;
}

export const device = {
  save: async (token: string, answers: AnswerSent[], events: EventSent[]): Promise<Saved> =>
    (await (
      await ask(token, "/api/sitting/answers", { sent_at: deviceClock(), answers, events })
    ).json()) as Saved,
  check: async (token: string, item: number): Promise<Checked> =>
    (await (await ask(token, "/api/sitting/check", { item })).json()) as Checked,
  handIn: async (token: string): Promise<Receipt> =>
    (await (await ask(token, "/api/sitting/hand-in", {})).json()) as Receipt,
  messages: async (token: string): Promise<Message[]> =>
    ((await (await ask(token, "/api/sitting/messages")).json()) as { items: Message[] }).items,
  paper: async (token: string): Promise<ShownPaper> =>
    (await (await ask(token, "/api/sitting/paper")).json()) as ShownPaper,
  file: async (token: string, number: number): Promise<Blob> =>
    (await ask(token, `/api/sitting/files/${number}`)).blob(),
  explaining: async (token: string, item: number, name: string): Promise<Blob> =>
    (await ask(token, `/api/sitting/items/${item}/files/${name}`)).blob(),
  putPhoto: async (token: string, name: string, photo: Blob): Promise<void> => {
    const headers = { "content-type": "application/octet-stream" };
    await carry(token, `/api/sitting/photos/${name}`, { method: "PUT", body: photo, headers }, PHOTO_PATIENCE_MS);
  },
  photo: async (token: string, name: string): Promise<Blob> =>
    (await carry(token, `/api/sitting/photos/${name}`, {}, PHOTO_PATIENCE_MS)).blob(),
};
