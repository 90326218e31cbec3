// The names of the HTTP contract. Written by hand until the generated schema covers them.

/** Microseconds since the epoch, UTC. */
export type Micros = number;
export type Locale = "vi" | "en";
export type Theme = "system" | "light" | "dark";
export type Role = "administrator" | "school_head" | "reviewer" | "teacher" | "pupil" | "parent";
export type OrgKind = "department" | "commune" | "cluster" | "school" | "campus";
export type Capability =
  | "manage_people"
  | "manage_organisations"
  | "author_lessons"
  | "view_audit"
  | "manage_server";

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface FieldProblem {
  pointer: string;
  code: string;
  value?: string | null;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string | null;
  request_id: string;
  fields: FieldProblem[];
}

// Session
export interface OrgRef {
  id: string;
  name: string;
  kind: OrgKind;
  code: string | null;
}
export interface RoleAssignment {
  id: string;
  role: Role;
  organisation: OrgRef;
}
export interface Me {
  id: string;
  display_name: string;
  username: string;
  email: string | null;
  locale: Locale;
  theme: Theme;
  roles: RoleAssignment[];
  must_change_password: boolean;
  capabilities: Capability[];
}
export interface SessionInfo {
  person: Me | null;
  setup_needed: boolean;
  secure: boolean;
  server: { name: string; version: string; demo: boolean };
}
export interface Device {
  id: string;
  current: boolean;
  user_agent: string;
  address: string;
  created_at: Micros;
  last_seen_at: Micros;
}
export interface PasswordLinkInfo {
  display_name: string;
  username: string;
  expires_at: Micros;
}

// Organisations
export interface Organisation {
  id: string;
  parent_id: string | null;
  kind: OrgKind;
  name: string;
  code: string | null;
  quota_bytes: number | null;
  used_bytes: number;
  people_count: number;
  can_manage: boolean;
  can_manage_people: boolean;
  can_author: boolean;
}
export interface SchoolYear {
  id: string;
  name: string;
  starts_on: string;
  ends_on: string;
  current: boolean;
}
export interface ClassGroup {
  id: string;
  organisation_id: string;
  year_id: string;
  name: string;
  grade: number | null;
  pupils: number;
}

// People
export interface PersonRow {
  id: string;
  display_name: string;
  username: string;
  email: string | null;
  code: string | null;
  birth_date: string | null;
  roles: RoleAssignment[];
  class_group: { id: string; name: string } | null;
  state: "active" | "locked" | "left";
  last_sign_in_at: Micros | null;
}
export interface Enrolment {
  organisation: OrgRef;
  year: string | null;
  class_name: string | null;
  role: Role;
  from_at: Micros;
  until_at: Micros | null;
  reason: "import" | "created" | "moved_up" | "transfer" | "left";
}
export interface Person extends PersonRow {
  gender: string | null;
  national_id: string | null;
  phone: string | null;
  guardians: string | null;
  history: Enrolment[];
  devices_count: number;
}
export interface CodeProblem {
  code: string;
  value: string | null;
}
export interface ImportRow {
  sheet: string | null;
  line: number;
  display_name: string | null;
  birth_date: string | null;
  class_name: string | null;
  code: string | null;
  username: string | null;
  action: "create" | "update";
  problems: { field: string; code: string; value: string | null }[];
}
export interface ImportPreview {
  id: string;
  filename: string;
  state: "faulty" | "ready" | "applied";
  columns: { heading: string; field: string | null }[];
  total: number;
  faulty: number;
  rows: ImportRow[];
  problems: CodeProblem[];
}
export interface Slip {
  display_name: string;
  username: string;
  class_name: string | null;
  one_time_password: string;
}
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
export type AssetKind = "video" | "audio" | "picture" | "pdf" | "office" | "text" | "other";
export interface CaptionTrack {
  language: string;
  label: string;
  url: string;
}
export interface Chapter {
  start_us: number;
  title: string;
}
export interface Asset {
  id: string;
  organisation_id: string;
  owner: { id: string; display_name: string };
  filename: string;
  size: number;
  mime: string | null;
  kind: AssetKind;
  state: "checking" | "processing" | "ready" | "failed";
  failure: { code: string; detail: string | null } | null;
  progress: number;
  playable: boolean;
  duration_us: number | null;
  width: number | null;
  height: number | null;
  tracks: { id: string; kind: "video" | "audio"; height: number | null; done: boolean }[];
  poster: boolean;
  captions: CaptionTrack[];
  chapters: Chapter[];
  created_at: Micros;
  urls: {
    file: string;
    hls: string | null;
    poster: string | null;
    storyboard: string | null;
    preview: string | null;
  };
}

// Curriculum
export interface Bilingual {
  vi: string;
  en: string;
}
export interface Requirement {
  code: string;
  grade: number;
  text: { vi: string; en: string | null };
}
export interface Strand {
  code: string;
  name: Bilingual;
  grades: number[];
  requirements: Requirement[];
}
export interface Subject {
  code: string;
  name: Bilingual;
  grades: number[];
  strands: Strand[];
}
export interface Curriculum {
  subjects: Subject[];
}

// Lessons
export type Licence =
  | "CC0-1.0"
  | "CC-BY-4.0"
  | "CC-BY-SA-4.0"
  | "CC-BY-NC-4.0"
  | "CC-BY-NC-SA-4.0"
  | "CC-BY-ND-4.0"
  | "CC-BY-NC-ND-4.0"
  | "LicenseRef-school-only";
export interface LessonMeta {
  title: string;
  summary: string | null;
  subject: string | null;
  grade: number | null;
  strand: string | null;
  requirement: string | null;
  language: string;
  licence: Licence;
  authors: string[];
  cover_asset_id: string | null;
  tags: string[];
}
/** ProseMirror JSON; see the contract for its nodes and marks. */
export interface DocMark {
  type: string;
  attrs?: Record<string, unknown>;
}
export interface DocNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: DocNode[];
  marks?: DocMark[];
  text?: string;
}
export interface Doc extends DocNode {
  type: "doc";
}
export type LessonState = "draft" | "published" | "changed" | "withdrawn";
export type MaterialKind = "video" | "audio" | "pdf" | "picture" | "office" | "text";
export interface LessonRow {
  id: string;
  title: string;
  summary: string | null;
  subject: string | null;
  grade: number | null;
  language: string;
  state: LessonState;
  cover_url: string | null;
  duration_us: number | null;
  organisation: OrgRef;
  authors: string[];
  updated_at: Micros;
  published_at: Micros | null;
  kinds: MaterialKind[];
}
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
export interface LessonVersion {
  version: number;
  published_at: Micros;
  published_by: { id: string; display_name: string };
  note: string | null;
  title: string;
}

// Library, search, watching
export interface LibraryFacets {
  subjects: { code: string; count: number }[];
  grades: { grade: number; count: number }[];
  total: number;
}
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
export interface WatchPosition {
  asset_id: string;
  position_us: number;
  watched_us: number;
  duration_us: number;
  finished: boolean;
  updated_at: Micros;
}
export interface RecentWatch {
  lesson: LessonRow;
  asset_id: string;
  position_us: number;
  duration_us: number;
  updated_at: Micros;
}
export interface Watcher {
  person: { id: string; display_name: string; class_name: string | null };
  asset_id: string;
  watched_us: number;
  duration_us: number;
  fraction: number;
  last_at: Micros;
}

// Server
export interface Job {
  id: string;
  kind: string;
  state: "queued" | "running" | "dead";
  attempts: number;
  last_error: string | null;
  subject_id: string | null;
  run_at: Micros;
  updated_at: Micros;
}
