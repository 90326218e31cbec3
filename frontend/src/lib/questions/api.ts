import { body, client, raw } from "$lib/api/client";
import type { Answer, Described, Page } from "$lib/api/types";
import type { DocumentView } from "./document";
import type { BankQuery } from "./filters";
import type { Entry, Passage, Question, Rich } from "./types";

// What the server describes is taken from its description; a question itself is written by hand in
// `types.ts`, since the fields it does not need are left out of it and not null.

/** A paper on its way into the bank. */
export type QuestionImport = Answer<Described["QuestionImport"]>;
export type PaperMedia = Answer<Described["QuestionPaperMedia"]>;
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
/** What is like one question of a paper: in the bank, and in the paper itself. */
export type PaperLikeness = Answer<Described["QuestionLikeness"]>;
/** The same on the desk, where questions come and go: which question of the paper it is like most, by its id there. */
export type DeskLikeness = PaperLikeness & { twin: number | null };

export type Folder = Answer<Described["QuestionFolder"]>;
export type Share = Answer<Described["QuestionShare"]>;
export type ShareCandidate = Answer<Described["ShareCandidate"]>;
export type QuestionRow = Omit<Answer<Described["QuestionRow"]>, "highlights"> & {
  highlights: [number, number][];
};
export type QuestionMeta = Answer<Described["QuestionMeta"]>;
export type QuestionMedia = { id: string; file_id: string; mime: string; bytes: number; url: string };
export type QuestionDetail = Omit<Answer<Described["QuestionDetail"]>, "question" | "passage" | "media"> & {
  question: Question;
  passage: Rich | null;
  media: QuestionMedia[];
};
export interface QuestionWrite {
  question: Question;
  passage: Rich | null;
  media: { id: string; file_id: string }[];
  meta: QuestionMeta;
}
export type ReportReason = Described["QuestionReport"]["reason"];
export type QuestionReport = Answer<Described["QuestionReport"]>;
export type BulkSet = Partial<Described["BulkSet"]>;
export type ExportFormat = Described["ExportFormat"];
export const EXPORTS = [
  "docx",
  "xlsx",
  "gift",
  "moodle-xml",
  "qti3",
  "json",
] as const satisfies readonly ExportFormat[];
export type KeyPlace = Described["ExportKey"];
export interface Exported {
  filename: string;
  mime: string;
  content: string;
  report: Entry[];
}
export type StoredFile = Answer<Described["QuestionFile"]>;
/** Questions of the bank that say nearly, or exactly, the same. */
export interface DuplicateGroup {
  same: boolean;
  questions: QuestionRow[];
}
export interface NearDuplicate {
  question: QuestionRow;
  similarity: number;
  same: boolean;
}

// Fields that a question does not need are left out of it; the description can only say null.
const sent = <T>(value: unknown) => value as T;

const at = (id: string) => ({ params: { path: { id } } });
type Items<T> = { items: T[] };

export const imports = {
  read: (id: string) => body<QuestionImport>(client.GET("/api/question-imports/{id}", at(id))),
  paper: (id: string) => body<Paper>(client.GET("/api/question-imports/{id}/paper", at(id))),
  document: (id: string) => body<DocumentView>(client.GET("/api/question-imports/{id}/document", at(id))),
  likeness: async (id: string) =>
    (await body<Items<PaperLikeness>>(client.GET("/api/question-imports/{id}/duplicates", at(id)))).items,
  write: (id: string, draft: PaperDraft) =>
    body<Answer<Described["QuestionPaperSaved"]>>(
      client.PUT("/api/question-imports/{id}/paper", {
        ...at(id),
        body: sent<Described["QuestionPaperInput"]>(draft),
      }),
    ),
  save: (id: string, what: Described["QuestionImportSave"]) =>
    body<Answer<Described["QuestionImportSaved"]>>(
      client.POST("/api/question-imports/{id}/save", { ...at(id), body: what }),
    ),
  remove: (id: string) => body<void>(client.DELETE("/api/question-imports/{id}", at(id))),
  retry: (id: string) => body<QuestionImport>(client.POST("/api/question-imports/{id}/retry", at(id))),
};

export const light = {
  print: async (questions: Question[], passages: Passage[]) =>
    (
      await body<{ text: string }>(
        client.POST("/api/questions/light/print", {
          body: sent<Described["LightQuestions"]>({ questions, passages }),
        }),
      )
    ).text,
  parse: (text: string) => body<LightParsed>(client.POST("/api/questions/light/parse", { body: { text } })),
};

export const folders = {
  list: async () => (await body<Items<Folder>>(client.GET("/api/question-folders"))).items,
  create: (parent_id: string, name: string) =>
    body<Folder>(client.POST("/api/question-folders", { body: { parent_id, name } })),
  change: (id: string, change: { name?: string; parent_id?: string }) =>
    body<Folder>(
      client.PATCH("/api/question-folders/{id}", {
        ...at(id),
        body: { name: change.name ?? null, parent_id: change.parent_id ?? null },
      }),
    ),
  remove: (id: string) => body<void>(client.DELETE("/api/question-folders/{id}", at(id))),
  shares: async (id: string) =>
    (await body<Items<Share>>(client.GET("/api/question-folders/{id}/shares", at(id)))).items,
  share: (id: string, whom: Described["ShareInput"]) =>
    body<unknown>(client.POST("/api/question-folders/{id}/shares", { ...at(id), body: whom })),
  unshare: (id: string, share_id: string) =>
    body<void>(
      client.DELETE("/api/question-folders/{id}/shares/{share_id}", { params: { path: { id, share_id } } }),
    ),
  candidates: async (id: string, q: string) =>
    (
      await body<Items<ShareCandidate>>(
        client.GET("/api/question-folders/{id}/share-candidates", { params: { path: { id }, query: { q } } }),
      )
    ).items,
};

export const bank = {
  list: (query: Partial<BankQuery>) =>
    body<Page<QuestionRow> & { total: number | null }>(client.GET("/api/questions", { params: { query } })),
  read: (id: string, version?: number | null) =>
    body<QuestionDetail>(
      client.GET("/api/questions/{id}", {
        params: { path: { id }, query: { version: version ?? undefined } },
      }),
    ),
  create: (folder_id: string, write: QuestionWrite) =>
    body<QuestionDetail>(
      client.POST("/api/questions", { body: sent<Described["NewQuestionInput"]>({ folder_id, ...write }) }),
    ),
  save: (id: string, revision: number, write: QuestionWrite) =>
    body<QuestionDetail>(
      client.PUT("/api/questions/{id}", {
        ...at(id),
        body: sent<Described["QuestionInput"]>({ revision, ...write }),
      }),
    ),
  remove: (id: string) => body<void>(client.DELETE("/api/questions/{id}", at(id))),
  mergeAll: (groups: { into: string; ids: string[] }[]) =>
    body<{ changed: number }>(client.POST("/api/questions/merge", { body: { groups } })),
  restoreAll: (ids: string[]) =>
    body<{ changed: number }>(client.POST("/api/questions/bulk-restore", { body: { ids } })),
  restore: (id: string) => body<QuestionDetail>(client.POST("/api/questions/{id}/restore", at(id))),
  bulk: (ids: string[], set: BulkSet) =>
    body<{ changed: number }>(
      client.POST("/api/questions/bulk", { body: { ids, set: sent<Described["BulkSet"]>(set) } }),
    ),
  bulkRemove: (ids: string[]) =>
    body<{ changed: number }>(client.POST("/api/questions/bulk-delete", { body: { ids } })),
  likeness: async (id: string) =>
    (await body<Items<NearDuplicate>>(client.GET("/api/questions/{id}/duplicates", at(id)))).items,
  groups: async (folder_id: string) =>
    (
      await body<{ groups: DuplicateGroup[] }>(
        client.GET("/api/question-duplicates", { params: { query: { folder_id } } }),
      )
    ).groups,
  merge: (id: string, into: string) =>
    body<QuestionDetail>(client.POST("/api/questions/{id}/merge", { ...at(id), body: { into } })),
  report: (id: string, reason: ReportReason, note: string) =>
    body<unknown>(client.POST("/api/questions/{id}/reports", { ...at(id), body: { reason, note } })),
  reports: async (id: string) =>
    (await body<Items<QuestionReport>>(client.GET("/api/questions/{id}/reports", at(id)))).items,
  resolve: (report: string) => body<unknown>(client.POST("/api/question-reports/{id}/resolve", at(report))),
  export: (what: Described["ExportInput"]) =>
    body<Exported>(client.POST("/api/questions/export", { body: what })),
};

/** Keeps a picture or sound for questions of a folder. */
export async function storeFile(folder: string, file: File): Promise<StoredFile> {
  const reply = await raw(`/api/question-files?${new URLSearchParams({ folder_id: folder })}`, {
    method: "POST",
    body: file,
    headers: { "content-type": file.type || "application/octet-stream" },
  });
  return (await reply.json()) as StoredFile;
}

/** Adds a picture or sound to a paper on the desk. */
export async function storePaperMedium(paper: string, file: File): Promise<PaperMedia> {
  const reply = await raw(`/api/question-imports/${paper}/media`, {
    method: "POST",
    body: file,
    headers: { "content-type": file.type || "application/octet-stream" },
  });
  return (await reply.json()) as PaperMedia;
}

/** Sends a paper; `onprogress` hears how much of it has left, from 0 to 1. */
export async function sendPaper(
  file: File,
  organisation: string,
  onprogress: (sent: number) => void,
): Promise<QuestionImport> {
  const { ApiProblem, problemOf } = await import("$lib/api/problem");
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what it has sent.
    const request = new XMLHttpRequest();
    request.open(
      "POST",
      `/api/question-imports?${new URLSearchParams({ organisation, filename: file.name })}`,
    );
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
