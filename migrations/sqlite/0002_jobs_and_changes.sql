-- Background jobs and the change log that feeds each server's search index.

CREATE TABLE job (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  subject_id BLOB,
  dedup_key TEXT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  lease_owner BLOB,
  lease_until INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_dedup ON job (dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX job_due ON job (state, run_at);

-- One row. Taking the next number locks it until commit, so numbers appear in commit order, without gaps.
CREATE TABLE change_counter (
  id INTEGER PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO change_counter (id, value) VALUES (1, 0);

CREATE TABLE change_log (
  seq INTEGER PRIMARY KEY NOT NULL,
  entity_kind TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;
