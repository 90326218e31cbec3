import { ApiProblem, body, client, raw } from "$lib/api";
import type {
  Asset,
  Chapter,
  Doc,
  Lesson,
  LessonDraft,
  LessonEditors,
  LessonMeta,
  LessonRow,
  LessonVersion,
  Page,
  PersonRef,
  Watcher,
  WatchSummary,
  WatchPosition,
} from "$lib/api";

/** One block of two versions laid side by side. */
export interface ComparedBlock {
  change: "same" | "added" | "removed" | "changed";
  before: string | null;
  after: string | null;
}
export interface Comparison {
  blocks: ComparedBlock[];
  meta: { field: string; before: string | null; after: string | null }[];
}
export interface Saved {
  revision: number;
  saved_at: number;
  dropped: string[];
}

export type WatcherOrder = "least" | "most" | "name";
/** Of whom and of which video; an empty word stands for all. */
export interface WatcherFilter {
  class: string;
  asset: string;
}
const asked = (of: WatcherFilter) => ({
  ...(of.class ? { class: of.class } : {}),
  ...(of.asset ? { asset: of.asset } : {}),
});

const at = (id: string) => ({ params: { path: { id } } });

export const lessons = {
  list: (state: "draft" | "published" | "all", after: string | null) =>
    body<Page<LessonRow>>(
      client.GET("/api/lessons", { params: { query: { state, ...(after ? { after } : {}) } } }),
    ),
  create: (organisation_id: string, title: string) =>
    body<LessonDraft>(client.POST("/api/lessons", { body: { organisation_id, meta: { title } } })),
  read: (id: string) => body<Lesson>(client.GET("/api/lessons/{id}", at(id))),
  draft: (id: string) => body<LessonDraft>(client.GET("/api/lessons/{id}/draft", at(id))),
  save: (id: string, draft: { revision: number; meta: LessonMeta; doc: Doc }) =>
    body<Saved>(
      client.PUT("/api/lessons/{id}/draft", {
        ...at(id),
        // OpenAPI knows a document only as "an object"; its nodes are named in types.ts.
        body: { ...draft, doc: draft.doc as unknown as Record<string, never> },
      }),
    ),
  publish: (id: string, revision: number, note: string | null) =>
    body<Lesson>(client.POST("/api/lessons/{id}/publish", { ...at(id), body: { revision, note } })),
  withdraw: (id: string) => body<LessonRow>(client.POST("/api/lessons/{id}/withdraw", at(id))),
  remove: (id: string) => body<void>(client.DELETE("/api/lessons/{id}", at(id))),
  versions: async (id: string) =>
    (await body<{ items: LessonVersion[] }>(client.GET("/api/lessons/{id}/versions", at(id)))).items,
  version: (id: string, n: number) =>
    body<Lesson>(
      client.GET("/api/lessons/{id}/versions/{version}", { params: { path: { id, version: n } } }),
    ),
  compare: (id: string, from: number, to: number) =>
    body<Comparison>(
      client.GET("/api/lessons/{id}/compare", { params: { path: { id }, query: { from, to } } }),
    ),
  restore: (id: string, n: number) =>
    body<LessonDraft>(
      client.POST("/api/lessons/{id}/versions/{version}/restore", { params: { path: { id, version: n } } }),
    ),
  watchers: (id: string, of: WatcherFilter, sort: WatcherOrder, after: string | null) =>
    body<Page<Watcher>>(
      client.GET("/api/lessons/{id}/watchers", {
        params: { path: { id }, query: { ...asked(of), sort, ...(after ? { after } : {}) } },
      }),
    ),
  watchSummary: (id: string, of: WatcherFilter) =>
    body<WatchSummary>(
      client.GET("/api/lessons/{id}/watchers/summary", { params: { path: { id }, query: asked(of) } }),
    ),
  editors: (id: string) => body<LessonEditors>(client.GET("/api/lessons/{id}/editors", at(id))),
  editorCandidates: async (id: string, q: string) =>
    (
      await body<{ items: PersonRef[] }>(
        client.GET("/api/lessons/{id}/editors/candidates", {
          params: { path: { id }, query: q ? { q } : {} },
        }),
      )
    ).items,
  addEditor: (id: string, person_id: string) =>
    body<LessonEditors>(
      client.PUT("/api/lessons/{id}/editors/{person_id}", { params: { path: { id, person_id } } }),
    ),
  removeEditor: (id: string, person_id: string) =>
    body<void>(
      client.DELETE("/api/lessons/{id}/editors/{person_id}", { params: { path: { id, person_id } } }),
    ),
  watched: async (id: string) =>
    (await body<{ items: WatchPosition[] }>(client.GET("/api/lessons/{id}/watch", at(id)))).items,
};

export const assets = {
  read: (id: string) => body<Asset>(client.GET("/api/assets/{id}", at(id))),
  remove: (id: string) => body<void>(client.DELETE("/api/assets/{id}", at(id))),
  retry: (id: string) => body<Asset>(client.POST("/api/assets/{id}/retry", at(id))),
  setChapters: (id: string, chapters: Chapter[]) =>
    body<Asset>(client.PUT("/api/assets/{id}/chapters", { ...at(id), body: { chapters } })),
  async setCaptions(id: string, language: string, label: string, file: Blob): Promise<Asset> {
    const path = `/api/assets/${id}/captions/${encodeURIComponent(language)}?label=${encodeURIComponent(label)}`;
    const reply = await raw(path, { method: "PUT", body: file, headers: { "content-type": "text/vtt" } });
    return (await reply.json()) as Asset;
  },
  async removeCaptions(id: string, language: string): Promise<Asset> {
    await raw(`/api/assets/${id}/captions/${encodeURIComponent(language)}`, { method: "DELETE" });
    return assets.read(id);
  },
};

export const isCode = (error: unknown, code: string): error is ApiProblem =>
  error instanceof ApiProblem && error.code === code;
