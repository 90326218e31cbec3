-- The question bank and the import desk.

-- A folder of questions: somebody's own, or an organisation's where owner_id is NULL. Each bank has
-- one root without a parent.
CREATE TABLE question_folder (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id BLOB REFERENCES organisation (id),
  owner_id BLOB REFERENCES person (id),
  parent_id BLOB REFERENCES question_folder (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  created_by BLOB REFERENCES person (id),
  created_at INTEGER NOT NULL,
  -- Exactly one of the two says whose it is.
  CHECK ((organisation_id IS NULL) <> (owner_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX question_folder_own_root ON question_folder (owner_id) WHERE parent_id IS NULL AND owner_id IS NOT NULL;
CREATE UNIQUE INDEX question_folder_organisation_root ON question_folder (organisation_id) WHERE parent_id IS NULL AND organisation_id IS NOT NULL;
CREATE UNIQUE INDEX question_folder_name ON question_folder (parent_id, name_key) WHERE parent_id IS NOT NULL;
CREATE INDEX question_folder_organisation ON question_folder (organisation_id);
CREATE INDEX question_folder_owner ON question_folder (owner_id);

-- Every folder with itself and all above it.
CREATE TABLE question_folder_closure (
  ancestor_id BLOB NOT NULL REFERENCES question_folder (id) ON DELETE CASCADE,
  descendant_id BLOB NOT NULL REFERENCES question_folder (id) ON DELETE CASCADE,
  depth INTEGER NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
) STRICT;
CREATE INDEX question_folder_closure_descendant ON question_folder_closure (descendant_id, ancestor_id);

-- A folder, with all below it, lent to a person or to those who author at an organisation.
CREATE TABLE question_share (
  id BLOB PRIMARY KEY NOT NULL,
  folder_id BLOB NOT NULL REFERENCES question_folder (id) ON DELETE CASCADE,
  person_id BLOB REFERENCES person (id),
  organisation_id BLOB REFERENCES organisation (id),
  can TEXT NOT NULL,
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  CHECK ((organisation_id IS NULL) <> (person_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX question_share_person ON question_share (folder_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX question_share_organisation ON question_share (folder_id, organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX question_share_of_person ON question_share (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX question_share_of_organisation ON question_share (organisation_id) WHERE organisation_id IS NOT NULL;

CREATE TABLE question (
  id BLOB PRIMARY KEY NOT NULL,
  folder_id BLOB NOT NULL REFERENCES question_folder (id),
  -- Questions that share a passage name the same group; it has no row of its own, each version
  -- keeps the passage as it was.
  passage_group_id BLOB,
  position INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  level TEXT,
  key_state TEXT NOT NULL,
  subject TEXT,
  grade INTEGER,
  strand TEXT,
  requirement TEXT,
  language TEXT NOT NULL,
  source TEXT,
  -- What the question says, without diacritics and case, hashed: the same words are the same question.
  fingerprint TEXT NOT NULL,
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- The question that this one was merged into.
  merged_into BLOB REFERENCES question (id),
  -- Left for tests: how often it was given, and how it did there.
  use_count INTEGER NOT NULL DEFAULT 0,
  facility_permille INTEGER,
  discrimination_permille INTEGER,
  -- Long columns last: SQLite reads through what stands before.
  plain_text TEXT NOT NULL
) STRICT;
CREATE INDEX question_folder_updated ON question (folder_id, updated_at, id);
CREATE INDEX question_updated ON question (updated_at, id);
CREATE INDEX question_fingerprint ON question (fingerprint);
CREATE INDEX question_passage_group ON question (passage_group_id) WHERE passage_group_id IS NOT NULL;
CREATE INDEX question_deleted ON question (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX question_created_by ON question (created_by);
CREATE INDEX question_merged_into ON question (merged_into) WHERE merged_into IS NOT NULL;

-- A version that a test has used never changes.
CREATE TABLE question_version (
  question_id BLOB NOT NULL REFERENCES question (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  used_at INTEGER,
  saved_by BLOB NOT NULL REFERENCES person (id),
  saved_at INTEGER NOT NULL,
  -- `lopmo.questions/1`, one question, and the passage above it.
  body TEXT NOT NULL,
  passage TEXT,
  PRIMARY KEY (question_id, version)
) STRICT;
CREATE INDEX question_version_saved_by ON question_version (saved_by);

CREATE TABLE question_tag (
  question_id BLOB NOT NULL REFERENCES question (id) ON DELETE CASCADE,
  tag_key TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (question_id, tag_key)
) STRICT;
CREATE INDEX question_tag_key ON question_tag (tag_key, question_id);

-- A picture or sound of questions.
CREATE TABLE question_file (
  id BLOB PRIMARY KEY NOT NULL,
  blob_id BLOB NOT NULL REFERENCES blob (id),
  mime TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_by BLOB NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX question_file_blob ON question_file (blob_id);
CREATE INDEX question_file_created_by ON question_file (created_by);

CREATE TABLE question_version_file (
  question_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  media_id TEXT NOT NULL,
  file_id BLOB NOT NULL REFERENCES question_file (id),
  PRIMARY KEY (question_id, version, media_id),
  FOREIGN KEY (question_id, version) REFERENCES question_version (question_id, version) ON DELETE CASCADE
) STRICT;
CREATE INDEX question_version_file_file ON question_version_file (file_id);

-- MinHash bands of what a question says (Broder 1997): questions that share one are looked at as
-- near-duplicates.
CREATE TABLE question_band (
  question_id BLOB NOT NULL REFERENCES question (id) ON DELETE CASCADE,
  band INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  PRIMARY KEY (question_id, band)
) STRICT;
CREATE INDEX question_band_hash ON question_band (band, hash, question_id);

CREATE TABLE question_report (
  id BLOB PRIMARY KEY NOT NULL,
  question_id BLOB NOT NULL REFERENCES question (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  reporter_id BLOB NOT NULL REFERENCES person (id),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  resolved_at INTEGER,
  resolved_by BLOB REFERENCES person (id)
) STRICT;
CREATE INDEX question_report_question ON question_report (question_id, resolved_at);
CREATE INDEX question_report_reporter ON question_report (reporter_id);
CREATE INDEX question_report_resolved_by ON question_report (resolved_by);

-- A paper on its maker's desk. Nothing of it is in the bank before she says so.
CREATE TABLE question_import (
  id BLOB PRIMARY KEY NOT NULL,
  owner_id BLOB NOT NULL REFERENCES person (id),
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  filename TEXT NOT NULL,
  size INTEGER NOT NULL,
  -- Of the file as it was given.
  source_blob_id BLOB NOT NULL REFERENCES blob (id),
  format TEXT,
  state TEXT NOT NULL,
  failure_code TEXT,
  failure_message TEXT,
  revision INTEGER NOT NULL,
  question_count INTEGER NOT NULL DEFAULT 0,
  doubt_count INTEGER NOT NULL DEFAULT 0,
  missing_key_count INTEGER NOT NULL DEFAULT 0,
  saved_count INTEGER NOT NULL DEFAULT 0,
  saved_folder_id BLOB,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- `lopmo.questions/1` as the teacher has it now, and the paper as it looked.
  paper TEXT,
  document TEXT
) STRICT;
CREATE INDEX question_import_owner ON question_import (owner_id, created_at, id);
CREATE INDEX question_import_organisation ON question_import (organisation_id);
CREATE INDEX question_import_source ON question_import (source_blob_id);
CREATE INDEX question_import_updated ON question_import (updated_at);

CREATE TABLE question_import_file (
  import_id BLOB NOT NULL REFERENCES question_import (id) ON DELETE CASCADE,
  media_id TEXT NOT NULL,
  file_id BLOB NOT NULL REFERENCES question_file (id),
  PRIMARY KEY (import_id, media_id)
) STRICT;
CREATE INDEX question_import_file_file ON question_import_file (file_id);

-- Which organisations' questions a person may see: those at and above every place where she
-- authors, and everything below the places she oversees. Pupils and parents have no rows.
CREATE VIEW question_reader AS
  SELECT r.person_id AS person_id, c.ancestor_id AS organisation_id
  FROM role_assignment r JOIN organisation_closure c ON c.descendant_id = r.organisation_id
  WHERE r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
  UNION ALL
  SELECT r.person_id AS person_id, c.descendant_id AS organisation_id
  FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
  WHERE r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer');

-- Folders a person may read, and whether she may change what is in them. A folder may come more
-- than once: whoever asks takes the best row.
CREATE VIEW question_folder_access AS
  SELECT f.owner_id AS person_id, f.id AS folder_id, CAST(1 AS INTEGER) AS can_edit
  FROM question_folder f WHERE f.owner_id IS NOT NULL
  UNION ALL
  SELECT r.person_id AS person_id, f.id AS folder_id, CAST(0 AS INTEGER) AS can_edit
  FROM question_reader r JOIN question_folder f ON f.organisation_id = r.organisation_id
  UNION ALL
  SELECT o.person_id AS person_id, f.id AS folder_id, CAST(1 AS INTEGER) AS can_edit
  FROM role_over o JOIN question_folder f ON f.organisation_id = o.organisation_id
  WHERE o.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
  UNION ALL
  SELECT s.person_id AS person_id, c.descendant_id AS folder_id, CAST(CASE WHEN s.can = 'edit' THEN 1 ELSE 0 END AS INTEGER) AS can_edit
  FROM question_share s JOIN question_folder_closure c ON c.ancestor_id = s.folder_id
  WHERE s.person_id IS NOT NULL
  UNION ALL
  SELECT r.person_id AS person_id, c.descendant_id AS folder_id, CAST(CASE WHEN s.can = 'edit' THEN 1 ELSE 0 END AS INTEGER) AS can_edit
  FROM question_share s JOIN question_reader r ON r.organisation_id = s.organisation_id
  JOIN question_folder_closure c ON c.ancestor_id = s.folder_id
  WHERE s.organisation_id IS NOT NULL;
