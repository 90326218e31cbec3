// The names of the HTTP contract. Those that openapi.json describes are taken from it (`npm run api`);
// the others are written by hand until the server describes them too.
import type { components } from "./schema";

export type Described = components["schemas"];
/** As the server sends it: what is optional in the description is there, as null when there is nothing. */
export type Answer<T> = T extends (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Answer<Exclude<T[Key], undefined>> }
    : T;

export type Locale = Answer<Described["Locale"]>;
export type Theme = Answer<Described["Theme"]>;
export type Role = Answer<Described["Role"]>;
export type OrgKind = Described["OrganisationKind"];
export type Capability = Described["AbilityName"];
export type FieldProblem = Answer<Described["FieldProblem"]>;
export type Problem = Answer<Described["Problem"]>;
export type OrgRef = Answer<Described["OrgRef"]>;
export type RoleAssignment = Answer<Described["RoleHeld"]>;
export type Me = Answer<Described["Me"]>;
export type SessionInfo = Answer<Described["SessionInfo"]>;
export type Device = Answer<Described["Device"]>;

/** Microseconds since the epoch, UTC. */
export type Micros = number;

export interface Page<T> {
  items: T[];
  next: string | null;
}

// Session
export type PasswordLinkInfo = Answer<Described["OpenPasswordLink"]>;

// Organisations
export type Organisation = Answer<Described["Organisation"]>;
export type SchoolYear = Answer<Described["SchoolYear"]>;
export type ClassGroup = Answer<Described["ClassGroup"]>;

// People
export type PersonRow = Answer<Described["PersonRow"]>;
export type Enrolment = Answer<Described["Enrolment"]>;
export type Person = Answer<Described["Person"]>;
export interface CodeProblem {
  code: string;
  value: string | null;
}
export type ImportRow = Answer<Described["ImportRow"]>;
export type ImportPreview = Answer<Described["ImportPreview"]>;
export type Slip = Answer<Described["Slip"]>;
export interface AuditEntry {
  id: string;
  at: Micros;
  actor: { id: string; display_name: string } | null;
  action: string;
  subject_kind: string;
  subject_id: string | null;
  subject_name: string | null;
  organisation: OrgRef | null;
  detail: Record<string, unknown>;
  address: string | null;
}

// Uploads and assets
export type AssetKind = Answer<Described["AssetKind"]>;
export type CaptionTrack = Answer<Described["CaptionTrack"]>;
export type Chapter = Answer<Described["Chapter"]>;
export type Asset = Answer<Described["Asset"]>;

// Curriculum
export interface Bilingual {
  vi: string;
  en: string;
}
export type Requirement = Answer<Described["Requirement"]>;
export type Strand = Answer<Described["Strand"]>;
export type Subject = Answer<Described["Subject"]>;
export type Curriculum = Answer<Described["Curriculum"]>;

// Lessons
export type Licence = Answer<Described["Licence"]>;
export type LessonMeta = Answer<Described["LessonMeta"]>;
/** ProseMirror JSON; see the contract for its nodes and marks. */
export type DocMark = {
  type: string;
  attrs?: Record<string, unknown>;
};
export type DocNode = {
  type: string;
  attrs?: Record<string, unknown>;
  content?: DocNode[];
  marks?: DocMark[];
  text?: string;
};
export type Doc = DocNode & { type: "doc" };
export type LessonState = Answer<Described["LessonState"]>;
export type MaterialKind = Answer<Described["MaterialKind"]>;
export type LessonRow = Answer<Described["LessonRow"]>;
export type PersonRef = Answer<Described["PersonRef"]>;
export type LessonEditors = Answer<Described["LessonEditors"]>;
export interface LessonDraft {
  id: string;
  organisation: OrgRef;
  state: LessonState;
  revision: number;
  meta: LessonMeta;
  doc: Doc;
  assets: Asset[];
  saved_at: Micros;
  version: number | null;
  can_publish: boolean;
}
export interface Lesson {
  id: string;
  organisation: OrgRef;
  state: LessonState;
  version: number;
  published_at: Micros;
  meta: LessonMeta;
  doc: Doc;
  assets: Asset[];
  can_edit: boolean;
  can_see_watchers: boolean;
}
export type LessonVersion = Answer<Described["LessonVersion"]>;

// Library, search, watching
export type LibraryFacets = Answer<Described["LibraryFacets"]>;
export interface SearchHit {
  id: string;
  kind: "lesson";
  external_id: string | null;
  title: string;
  snippet: string;
  highlights: [number, number][];
  score: number;
  subject: string | null;
  grade: number | null;
  organisation: OrgRef;
  cover_url: string | null;
}
export type WatchPosition = Answer<Described["WatchPosition"]>;
export type RecentWatch = Answer<Described["RecentWatch"]>;
export type Watcher = Answer<Described["Watcher"]>;
export type WatchSummary = Answer<Described["WatchSummary"]>;

// Server
export type Job = Answer<Described["Job"]>;
export type JobState = Described["JobState"];
