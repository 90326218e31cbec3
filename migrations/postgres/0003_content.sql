-- The content service: files, media, lessons, and who watched what.

-- One stored file; the same bytes are one row. The key is unique to the row, never reused,
-- so that garbage collection cannot remove an object that a newer row needs.
CREATE TABLE blob (
  id UUID PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  size BIGINT NOT NULL,
  mime TEXT NOT NULL,
  object_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Since when no asset refers to it; NULL while one does.
  unreferenced_at BIGINT
);
CREATE INDEX blob_unreferenced ON blob (unreferenced_at) WHERE unreferenced_at IS NOT NULL;

-- What was made of a blob: shared by every asset of the same bytes.
CREATE TABLE media (
  blob_id UUID PRIMARY KEY NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  failure_code TEXT,
  failure_detail TEXT,
  progress_permille BIGINT NOT NULL DEFAULT 0,
  run_id UUID,
  object_prefix TEXT,
  duration_us BIGINT,
  width BIGINT,
  height BIGINT,
  poster_file TEXT,
  extracted_text TEXT,
  updated_at BIGINT NOT NULL
);

CREATE TABLE media_track (
  blob_id UUID NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  track TEXT NOT NULL,
  kind TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bandwidth BIGINT NOT NULL,
  average_bandwidth BIGINT NOT NULL,
  codecs TEXT NOT NULL,
  frame_rate DOUBLE PRECISION NOT NULL,
  init_file TEXT,
  done BOOLEAN NOT NULL,
  PRIMARY KEY (blob_id, track)
);

CREATE TABLE media_segment (
  blob_id UUID NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  track TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  file TEXT NOT NULL,
  duration_us BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (blob_id, track, sequence)
);

CREATE TABLE media_storyboard (
  blob_id UUID NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  file TEXT NOT NULL,
  tile_columns BIGINT NOT NULL,
  tile_rows BIGINT NOT NULL,
  tile_width BIGINT NOT NULL,
  tile_height BIGINT NOT NULL,
  interval_us BIGINT NOT NULL,
  tile_count BIGINT NOT NULL,
  PRIMARY KEY (blob_id, number)
);

-- A picture in the sizes pages ask for, made when it was processed.
CREATE TABLE media_picture (
  blob_id UUID NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  side BIGINT NOT NULL,
  file TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  PRIMARY KEY (blob_id, side)
);

-- Objects to delete after the transaction that no longer needs them: "prefix" or "key".
CREATE TABLE object_garbage (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  object_key TEXT NOT NULL,
  delete_after BIGINT NOT NULL
);
CREATE INDEX object_garbage_due ON object_garbage (delete_after);

CREATE TABLE upload (
  id UUID PRIMARY KEY NOT NULL,
  owner_id UUID NOT NULL REFERENCES person (id),
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  filename TEXT NOT NULL,
  length BIGINT NOT NULL,
  received BIGINT NOT NULL,
  state TEXT NOT NULL,
  asset_id UUID,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX upload_expires ON upload (state, expires_at);

CREATE TABLE upload_part (
  upload_id UUID NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  start_byte BIGINT NOT NULL,
  size BIGINT NOT NULL,
  object_key TEXT NOT NULL,
  PRIMARY KEY (upload_id, start_byte)
);

CREATE TABLE asset (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  owner_id UUID NOT NULL REFERENCES person (id),
  upload_id UUID,
  filename TEXT NOT NULL,
  size BIGINT NOT NULL,
  kind TEXT NOT NULL,
  mime TEXT,
  state TEXT NOT NULL,
  failure_code TEXT,
  failure_detail TEXT,
  blob_id UUID REFERENCES blob (id),
  chapters TEXT NOT NULL DEFAULT '[]',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX asset_blob ON asset (blob_id);
CREATE INDEX asset_owner ON asset (owner_id, id);
CREATE INDEX asset_organisation ON asset (organisation_id, id);

CREATE TABLE asset_caption (
  asset_id UUID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  label TEXT NOT NULL,
  vtt TEXT NOT NULL,
  plain_text TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (asset_id, language)
);

CREATE TABLE lesson (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  external_id TEXT,
  created_by UUID NOT NULL REFERENCES person (id),
  revision BIGINT NOT NULL,
  draft_title TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  published_version BIGINT,
  published_revision BIGINT,
  published_at BIGINT,
  withdrawn_at BIGINT,
  -- Left for adoption and review between schools: which version this one was made from.
  origin_lesson_id UUID,
  origin_version BIGINT,
  created_at BIGINT NOT NULL,
  -- Long columns last: SQLite reads through what stands before.
  draft_meta TEXT NOT NULL,
  draft_doc TEXT NOT NULL,
  UNIQUE (organisation_id, external_id)
);
CREATE INDEX lesson_owner ON lesson (organisation_id, published_at);
CREATE INDEX lesson_created_by ON lesson (created_by);
CREATE INDEX lesson_published ON lesson (published_at, id) WHERE published_at IS NOT NULL;

CREATE TABLE lesson_editor (
  lesson_id UUID NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  PRIMARY KEY (lesson_id, person_id)
);
CREATE INDEX lesson_editor_person ON lesson_editor (person_id, lesson_id);

-- A published version never changes.
CREATE TABLE lesson_version (
  lesson_id UUID NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  title_key TEXT COLLATE "C" NOT NULL,
  summary TEXT,
  subject TEXT,
  grade BIGINT,
  language TEXT NOT NULL,
  licence TEXT NOT NULL,
  published_by UUID NOT NULL REFERENCES person (id),
  published_at BIGINT NOT NULL,
  note TEXT,
  -- Long columns last: SQLite reads through what stands before.
  meta TEXT NOT NULL,
  doc TEXT NOT NULL,
  plain_text TEXT NOT NULL,
  PRIMARY KEY (lesson_id, version)
);

-- Which assets a lesson refers to; version 0 is the draft.
CREATE TABLE lesson_asset (
  lesson_id UUID NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  asset_id UUID NOT NULL REFERENCES asset (id),
  PRIMARY KEY (lesson_id, version, asset_id)
);
CREATE INDEX lesson_asset_asset ON lesson_asset (asset_id, lesson_id, version);

-- Seconds really played, one bit each, as the server could believe them.
CREATE TABLE watch (
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  lesson_id UUID NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  asset_id UUID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  position_us BIGINT NOT NULL,
  seconds_seen BYTEA NOT NULL,
  seen_count BIGINT NOT NULL,
  -- How much more may be believed without more time passing, in microseconds of the video.
  credit_us BIGINT NOT NULL,
  -- The player that reported last.
  last_session UUID,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, lesson_id, asset_id)
);
CREATE INDEX watch_recent ON watch (person_id, updated_at);
CREATE INDEX watch_lesson ON watch (lesson_id);
CREATE INDEX watch_asset ON watch (asset_id);

-- One opened player: what it has claimed so far is bounded by the time that has passed.
CREATE TABLE watch_session (
  id UUID PRIMARY KEY NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  lesson_id UUID NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  asset_id UUID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  last_sequence BIGINT NOT NULL,
  last_report_at BIGINT NOT NULL
);
CREATE INDEX watch_session_person ON watch_session (person_id);
CREATE INDEX watch_session_lesson ON watch_session (lesson_id);
CREATE INDEX watch_session_asset ON watch_session (asset_id);
CREATE INDEX watch_session_last_report ON watch_session (last_report_at);

-- Whose lessons a person may read: the organisations at and above every place where she holds a
-- role, and everything below the places she oversees. The same rule as identity's
-- readable_owner_organisations, as a relation that lists can join. An organisation may come twice:
-- UNION ALL, since only then does SQLite ask for one person's rows and not everybody's.
CREATE VIEW readable_owner AS
  SELECT r.person_id AS person_id, c.ancestor_id AS organisation_id
  FROM role_assignment r JOIN organisation_closure c ON c.descendant_id = r.organisation_id
  WHERE r.until_at IS NULL
  UNION ALL
  SELECT r.person_id AS person_id, c.descendant_id AS organisation_id
  FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
  WHERE r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer');

-- The roles a person holds at an organisation or above it.
CREATE VIEW role_over AS
  SELECT r.person_id AS person_id, c.descendant_id AS organisation_id, r.role AS role
  FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
  WHERE r.until_at IS NULL;
