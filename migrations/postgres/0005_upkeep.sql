-- What the upkeep of the content service and its lists at the size of a province need.

-- Something to tell about a file that can be used all the same. A table of its own: the text in
-- media is long, and SQLite would read through it.
CREATE TABLE media_warning (
  blob_id UUID PRIMARY KEY NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  playable_us BIGINT,
  declared_us BIGINT
);

-- Which of one's lessons come first, told without reading a single lesson.
CREATE INDEX lesson_saved ON lesson (organisation_id, saved_at, id);

-- Which entries of the log a newer one of the same thing has made needless.
CREATE INDEX change_log_entity ON change_log (entity_kind, entity_id, seq);

-- Processes that hold leases: what one that is known to be dead was at can be taken over at once.
CREATE TABLE worker_process (
  id UUID PRIMARY KEY NOT NULL,
  -- The machine since it was started, and the namespace the process's number is of.
  host TEXT NOT NULL,
  pid BIGINT NOT NULL,
  -- When the process began, in the clock ticks of its machine: numbers are used again.
  started BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX worker_process_host ON worker_process (host);
