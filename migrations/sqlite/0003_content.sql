-- The content service: files, media, lessons, and who watched what.

-- One stored file; the same bytes are one row. The key is unique to the row, never reused,
-- so that garbage collection cannot remove an object that a newer row needs.
CREATE TABLE blob (
  id BLOB PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  mime TEXT NOT NULL,
  object_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Since when no asset refers to it; NULL while one does.
  unreferenced_at INTEGER
) STRICT;
CREATE INDEX blob_unreferenced ON blob (unreferenced_at) WHERE unreferenced_at IS NOT NULL;

-- What was made of a blob: shared by every asset of the same bytes.
CREATE TABLE media (
  blob_id BLOB PRIMARY KEY NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  failure_code TEXT,
  failure_detail TEXT,
  progress_permille INTEGER NOT NULL DEFAULT 0,
  run_id BLOB,
  object_prefix TEXT,
  duration_us INTEGER,
  width INTEGER,
  height INTEGER,
  poster_file TEXT,
  extracted_text TEXT,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE media_track (
  blob_id BLOB NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  track TEXT NOT NULL,
  kind TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bandwidth INTEGER NOT NULL,
  average_bandwidth INTEGER NOT NULL,
  codecs TEXT NOT NULL,
  frame_rate REAL NOT NULL,
  init_file TEXT,
  done INTEGER NOT NULL,
  PRIMARY KEY (blob_id, track)
) STRICT;

CREATE TABLE media_segment (
  blob_id BLOB NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  track TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  file TEXT NOT NULL,
  duration_us INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (blob_id, track, sequence)
) STRICT;

CREATE TABLE media_storyboard (
  blob_id BLOB NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  file TEXT NOT NULL,
  tile_columns INTEGER NOT NULL,
  tile_rows INTEGER NOT NULL,
  tile_width INTEGER NOT NULL,
  tile_height INTEGER NOT NULL,
  interval_us INTEGER NOT NULL,
  tile_count INTEGER NOT NULL,
  PRIMARY KEY (blob_id, number)
) STRICT;

-- A picture in the sizes pages ask for, made when it was processed.
CREATE TABLE media_picture (
  blob_id BLOB NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  side INTEGER NOT NULL,
  file TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  PRIMARY KEY (blob_id, side)
) STRICT;

-- Objects to delete after the transaction that no longer needs them: "prefix" or "key".
CREATE TABLE object_garbage (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  object_key TEXT NOT NULL,
  delete_after INTEGER NOT NULL
) STRICT;
CREATE INDEX object_garbage_due ON object_garbage (delete_after);

CREATE TABLE upload (
  id BLOB PRIMARY KEY NOT NULL,
  owner_id BLOB NOT NULL REFERENCES person (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  filename TEXT NOT NULL,
  length INTEGER NOT NULL,
  received INTEGER NOT NULL,
  state TEXT NOT NULL,
  asset_id BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_expires ON upload (state, expires_at);

CREATE TABLE upload_part (
  upload_id BLOB NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  start_byte INTEGER NOT NULL,
  size INTEGER NOT NULL,
  object_key TEXT NOT NULL,
  PRIMARY KEY (upload_id, start_byte)
) STRICT;

CREATE TABLE asset (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  owner_id BLOB NOT NULL REFERENCES person (id),
  upload_id BLOB,
  filename TEXT NOT NULL,
  size INTEGER NOT NULL,
  kind TEXT NOT NULL,
  mime TEXT,
  state TEXT NOT NULL,
  failure_code TEXT,
  failure_detail TEXT,
  blob_id BLOB REFERENCES blob (id),
  chapters TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX asset_blob ON asset (blob_id);
CREATE INDEX asset_owner ON asset (owner_id, id);
CREATE INDEX asset_organisation ON asset (organisation_id, id);

CREATE TABLE asset_caption (
  asset_id BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  label TEXT NOT NULL,
  vtt TEXT NOT NULL,
  plain_text TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (asset_id, language)
) STRICT;

CREATE TABLE lesson (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  external_id TEXT,
  created_by BLOB NOT NULL REFERENCES person (id),
  revision INTEGER NOT NULL,
  draft_title TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  published_version INTEGER,
  published_revision INTEGER,
  published_at INTEGER,
  withdrawn_at INTEGER,
  -- Left for adoption and review between schools: which version this one was made from.
  origin_lesson_id BLOB,
  origin_version INTEGER,
  created_at INTEGER NOT NULL,
  -- Long columns last: SQLite reads through what stands before.
  draft_meta TEXT NOT NULL,
  draft_doc TEXT NOT NULL,
  UNIQUE (organisation_id, external_id)
) STRICT;
CREATE INDEX lesson_owner ON lesson (organisation_id, published_at);
CREATE INDEX lesson_created_by ON lesson (created_by);
CREATE INDEX lesson_published ON lesson (published_at, id) WHERE published_at IS NOT NULL;

CREATE TABLE lesson_editor (
  lesson_id BLOB NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  PRIMARY KEY (lesson_id, person_id)
) STRICT;
CREATE INDEX lesson_editor_person ON lesson_editor (person_id, lesson_id);

-- A published version never changes.
CREATE TABLE lesson_version (
  lesson_id BLOB NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  summary TEXT,
  subject TEXT,
  grade INTEGER,
  language TEXT NOT NULL,
  licence TEXT NOT NULL,
  published_by BLOB NOT NULL REFERENCES person (id),
  published_at INTEGER NOT NULL,
  note TEXT,
  -- Long columns last: SQLite reads through what stands before.
  meta TEXT NOT NULL,
  doc TEXT NOT NULL,
  plain_text TEXT NOT NULL,
  PRIMARY KEY (lesson_id, version)
) STRICT;

-- Which assets a lesson refers to; version 0 is the draft.
CREATE TABLE lesson_asset (
  lesson_id BLOB NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  asset_id BLOB NOT NULL REFERENCES asset (id),
  PRIMARY KEY (lesson_id, version, asset_id)
) STRICT;
CREATE INDEX lesson_asset_asset ON lesson_asset (asset_id, lesson_id, version);

-- Seconds really played, one bit each, as the server could believe them.
CREATE TABLE watch (
  person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  lesson_id BLOB NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  asset_id BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  position_us INTEGER NOT NULL,
  seconds_seen BLOB NOT NULL,
  seen_count INTEGER NOT NULL,
  -- How much more may be believed without more time passing, in microseconds of the video.
  credit_us INTEGER NOT NULL,
  -- The player that reported last.
  last_session BLOB,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, lesson_id, asset_id)
) STRICT;
CREATE INDEX watch_recent ON watch (person_id, updated_at);
CREATE INDEX watch_lesson ON watch (lesson_id);
CREATE INDEX watch_asset ON watch (asset_id);

-- One opened player: what it has claimed so far is bounded by the time that has passed.
CREATE TABLE watch_session (
  id BLOB PRIMARY KEY NOT NULL,
  person_id BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  lesson_id BLOB NOT NULL REFERENCES lesson (id) ON DELETE CASCADE,
  asset_id BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
  last_sequence INTEGER NOT NULL,
  last_report_at INTEGER NOT NULL
) STRICT;
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
