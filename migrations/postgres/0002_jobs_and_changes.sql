-- Background jobs and the change log that feeds each server's search index.

CREATE TABLE job (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  subject_id UUID,
  dedup_key TEXT,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  max_attempts BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  lease_owner UUID,
  lease_until BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_dedup ON job (dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX job_due ON job (state, run_at);

-- One row. Taking the next number locks it until commit, so numbers appear in commit order, without gaps.
CREATE TABLE change_counter (
  id BIGINT PRIMARY KEY NOT NULL,
  value BIGINT NOT NULL
);
INSERT INTO change_counter (id, value) VALUES (1, 0);

CREATE TABLE change_log (
  seq BIGINT PRIMARY KEY NOT NULL,
  entity_kind TEXT NOT NULL,
  entity_id UUID NOT NULL,
  at BIGINT NOT NULL
);
