import { raw } from "$lib/api/client";
import type { Micros, OrgRef, Page, PersonRef } from "$lib/api/types";
import type { DocumentView } from "./document";
import type { Entry, KeyState, Level, Passage, Question, QuestionType, Rich } from "./types";

/** A paper on its way into the bank. */
export interface QuestionImport {
  id: string;
  filename: string;
  format: string | null;
  size: number;
  state: "waiting" | "converting" | "reading" | "ready" | "failed" | "saved";
  failure: { code: string; message: string } | null;
  revision: number;
  counts: { questions: number; doubts: number; missing_keys: number };
  saved_count: number;
  saved_folder_id: string | null;
  created_at: Micros;
  updated_at: Micros;
}
export interface PaperMedia {
  id: string;
  file: string;
  mime: string;
  bytes: number;
  url: string;
}
export interface Paper {
  revision: number;
  questions: Question[];
  passages: Passage[];
  media: PaperMedia[];
  report: Entry[];
}
export type PaperDraft = Pick<Paper, "revision" | "questions" | "passages" | "report">;
export interface LightParsed {
  questions: Question[];
  passages: Passage[];
  report: Entry[];
}
export interface Likeness {
  question_id: string;
  similarity: number;
  same: boolean;
  text: string;
  folder_name: string;
}
export interface PaperLikeness {
  index: number;
  matches: Likeness[];
  inside: { index: number; similarity: number }[];
}

export interface Folder {
  id: string;
  parent_id: string | null;
  name: string;
  scope: "mine" | "organisation" | "shared";
  organisation: OrgRef | null;
  owner: PersonRef | null;
  can_edit: boolean;
  can_share: boolean;
  count: number;
}
export interface Share {
  id: string;
  person: PersonRef | null;
  organisation: OrgRef | null;
  can: "read" | "edit";
  created_at: Micros;
}
export interface ShareCandidate {
  person?: PersonRef | null;
  organisation?: OrgRef | null;
}
export interface QuestionRow {
  id: string;
  version: number;
  type: QuestionType;
  key: KeyState;
  level: Level | null;
  subject: string | null;
  grade: number | null;
  requirement: string | null;
  tags: string[];
  text: string;
  /** Where what was searched for stands; null when nothing was. */
  snippet: string | null;
  highlights: [number, number][];
  folder: { id: string; name: string };
  updated_at: Micros;
  author: PersonRef;
  use_count: number;
  open_reports: number;
  can_edit: boolean;
}
export interface QuestionMeta {
  subject: string | null;
  grade: number | null;
  strand: string | null;
  requirement: string | null;
  language: string | null;
  source: string | null;
}
export interface QuestionMedia {
  id: string;
  file_id: string;
  mime: string;
  bytes: number;
  url: string;
}
export interface QuestionDetail {
  id: string;
  version: number;
  revision: number;
  folder: { id: string; name: string };
  question: Question;
  passage: Rich | null;
  media: QuestionMedia[];
  meta: QuestionMeta;
  siblings: { id: string; text: string }[];
  history: { version: number; saved_at: Micros; author: PersonRef }[];
  use_count: number;
  open_reports: number;
  can_edit: boolean;
  /** In the bin. */
  deleted: boolean;
  updated_at: Micros;
  author: PersonRef;
}
export interface QuestionWrite {
  question: Question;
  passage: Rich | null;
  media: { id: string; file_id: string }[];
  meta: QuestionMeta;
}
export type ReportReason = "key" | "text" | "picture" | "other";
export interface QuestionReport {
  id: string;
  reason: ReportReason;
  note: string;
  version: number;
  reporter: PersonRef;
  created_at: Micros;
  resolved_at: Micros | null;
}
export interface BulkSet {
  level?: Level;
  subject?: string;
  grade?: number;
  requirement?: string;
  folder_id?: string;
  add_tags?: string[];
  remove_tags?: string[];
}
export const EXPORTS = ["docx", "xlsx", "gift", "moodle-xml", "qti3", "json"] as const;
export type ExportFormat = (typeof EXPORTS)[number];
export type KeyPlace = "marked" | "table" | "absent";
export interface Exported {
  filename: string;
  mime: string;
  content: string;
  report: Entry[];
}
export interface StoredFile {
  file_id: string;
  mime: string;
  bytes: number;
  url: string;
}

type Query = Record<string, string | number | boolean | null | undefined>;

function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await raw(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  return (reply.status === 204 ? undefined : await reply.json()) as T;
}
const get = <T>(path: string, query?: Query) => call<T>("GET", address(path, query));

const IMPORTS = "/api/question-imports";

export const imports = {
  list: (after: string | null) => get<Page<QuestionImport>>(IMPORTS, { after }),
  read: (id: string) => get<QuestionImport>(`${IMPORTS}/${id}`),
  paper: (id: string) => get<Paper>(`${IMPORTS}/${id}/paper`),
  document: (id: string) => get<DocumentView>(`${IMPORTS}/${id}/document`),
  likeness: async (id: string) => (await get<{ items: PaperLikeness[] }>(`${IMPORTS}/${id}/duplicates`)).items,
  write: (id: string, draft: PaperDraft) =>
    call<{ revision: number; updated_at: Micros }>("PUT", `${IMPORTS}/${id}/paper`, draft),
  save: (
    id: string,
    what: {
      folder_id: string;
      revision: number;
      indices: number[] | null;
      subject: string | null;
      grade: number | null;
      tags: string[];
    },
  ) => call<{ saved: number; ids: string[]; revision: number }>("POST", `${IMPORTS}/${id}/save`, what),
  remove: (id: string) => call<void>("DELETE", `${IMPORTS}/${id}`),
  retry: (id: string) => call<QuestionImport>("POST", `${IMPORTS}/${id}/retry`),
};

export const light = {
  print: async (questions: Question[], passages: Passage[]) =>
    (await call<{ text: string }>("POST", "/api/questions/light/print", { questions, passages })).text,
  parse: (text: string) => call<LightParsed>("POST", "/api/questions/light/parse", { text }),
};

const FOLDERS = "/api/question-folders";

export const folders = {
  list: async () => (await get<{ items: Folder[] }>(FOLDERS)).items,
  create: (parent_id: string, name: string) => call<Folder>("POST", FOLDERS, { parent_id, name }),
  change: (id: string, change: { name?: string; parent_id?: string }) =>
    call<Folder>("PATCH", `${FOLDERS}/${id}`, change),
  remove: (id: string) => call<void>("DELETE", `${FOLDERS}/${id}`),
  shares: async (id: string) => (await get<{ items: Share[] }>(`${FOLDERS}/${id}/shares`)).items,
  share: (id: string, whom: { person_id?: string; organisation_id?: string; can: "read" | "edit" }) =>
    call<unknown>("POST", `${FOLDERS}/${id}/shares`, whom),
  unshare: (id: string, share: string) => call<void>("DELETE", `${FOLDERS}/${id}/shares/${share}`),
  candidates: async (id: string, q: string) =>
    (await get<{ items: ShareCandidate[] }>(`${FOLDERS}/${id}/share-candidates`, { q })).items,
};

const QUESTIONS = "/api/questions";

export const bank = {
  list: (query: Query) => get<Page<QuestionRow> & { total: number | null }>(QUESTIONS, query),
  read: (id: string, version?: number | null) => get<QuestionDetail>(`${QUESTIONS}/${id}`, { version }),
  create: (folder_id: string, write: QuestionWrite) =>
    call<QuestionDetail>("POST", QUESTIONS, { folder_id, ...write }),
  save: (id: string, revision: number, write: QuestionWrite) =>
    call<QuestionDetail>("PUT", `${QUESTIONS}/${id}`, { revision, ...write }),
  remove: (id: string) => call<void>("DELETE", `${QUESTIONS}/${id}`),
  restore: (id: string) => call<QuestionDetail>("POST", `${QUESTIONS}/${id}/restore`),
  bulk: (ids: string[], set: BulkSet) => call<{ changed: number }>("POST", `${QUESTIONS}/bulk`, { ids, set }),
  bulkRemove: (ids: string[]) => call<{ changed: number }>("POST", `${QUESTIONS}/bulk-delete`, { ids }),
  likeness: async (id: string) =>
    (await get<{ items: { question: QuestionRow; similarity: number; same: boolean }[] }>(`${QUESTIONS}/${id}/duplicates`)).items,
  groups: async (folder_id: string) =>
    (await get<{ groups: { questions: QuestionRow[] }[] }>("/api/question-duplicates", { folder_id })).groups,
  merge: (id: string, into: string) => call<QuestionDetail>("POST", `${QUESTIONS}/${id}/merge`, { into }),
  report: (id: string, reason: ReportReason, note: string) =>
    call<unknown>("POST", `${QUESTIONS}/${id}/reports`, { reason, note }),
  reports: async (id: string) => (await get<{ items: QuestionReport[] }>(`${QUESTIONS}/${id}/reports`)).items,
  resolve: (report: string) => call<unknown>("POST", `/api/question-reports/${report}/resolve`),
  export: (what: { ids: string[] | null; folder_id: string | null; format: ExportFormat; key: KeyPlace }) =>
    call<Exported>("POST", `${QUESTIONS}/export`, what),
};

/** Keeps a picture or sound for questions of a folder. */
export async function storeFile(folder: string, file: File): Promise<StoredFile> {
  const reply = await raw(address("/api/question-files", { folder_id: folder }), {
    method: "POST",
    body: file,
    headers: { "content-type": file.type || "application/octet-stream" },
  });
  return (await reply.json()) as StoredFile;
}

/** Sends a paper; `onprogress` hears how much of it has left, from 0 to 1. */
export async function sendPaper(file: File, organisation: string, onprogress: (sent: number) => void): Promise<QuestionImport> {
  const { ApiProblem, problemOf } = await import("$lib/api/problem");
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what it has sent.
    const request = new XMLHttpRequest();
    request.open("POST", address(IMPORTS, { organisation, filename: file.name }));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => onprogress(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiProblem({ code: "offline" }));
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as QuestionImport);
      const reply = new Response(request.responseText, { status: request.status });
      void problemOf(reply).then(reject);
    };
    request.send(file);
  });
}
