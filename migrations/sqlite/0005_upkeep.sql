-- What the upkeep of the content service and its lists at the size of a province need.

-- Something to tell about a file that can be used all the same. A table of its own: the text in
-- media is long, and SQLite would read through it.
CREATE TABLE media_warning (
  blob_id BLOB PRIMARY KEY NOT NULL REFERENCES media (blob_id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  playable_us INTEGER,
  declared_us INTEGER
) STRICT;

-- Lists of lessons are put in order from these alone; only the lessons of a page are read.
DROP INDEX lesson_owner;
CREATE INDEX lesson_owner ON lesson (organisation_id, published_at, id, published_version, withdrawn_at);
DROP INDEX lesson_published;
CREATE INDEX lesson_published ON lesson (published_at, id, organisation_id, published_version, withdrawn_at)
  WHERE published_at IS NOT NULL;
CREATE INDEX lesson_saved ON lesson (organisation_id, saved_at, id, published_version, withdrawn_at);
CREATE INDEX lesson_version_shelf ON lesson_version (lesson_id, version, title_key, subject, grade, language);

-- What a list shows of a lesson, as it is being written and as it is published.
CREATE VIEW lesson_drafted AS
  SELECT l.id AS id, l.organisation_id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind,
         o.code AS organisation_code, l.revision AS revision, l.published_version AS published_version,
         l.published_revision AS published_revision, l.published_at AS published_at, l.withdrawn_at AS withdrawn_at,
         l.saved_at AS saved_at, l.draft_meta AS meta, CAST(0 AS BIGINT) AS asset_version
  FROM lesson l JOIN organisation o ON o.id = l.organisation_id;
CREATE VIEW lesson_shown AS
  SELECT l.id AS id, l.organisation_id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind,
         o.code AS organisation_code, l.revision AS revision, l.published_version AS published_version,
         l.published_revision AS published_revision, l.published_at AS published_at, l.withdrawn_at AS withdrawn_at,
         v.published_at AS saved_at, v.meta AS meta, v.version AS asset_version
  FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
  JOIN organisation o ON o.id = l.organisation_id;

-- How far everybody who watched a lesson came, without reading the seconds themselves.
DROP INDEX watch_lesson;
CREATE INDEX watch_lesson ON watch (lesson_id, asset_id, seen_count, person_id);

-- Which entries of the log a newer one of the same thing has made needless.
CREATE INDEX change_log_entity ON change_log (entity_kind, entity_id, seq);

-- Processes that hold leases: what one that is known to be dead was at can be taken over at once.
CREATE TABLE worker_process (
  id BLOB PRIMARY KEY NOT NULL,
  -- The machine since it was started, and the namespace the process's number is of.
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  -- When the process began, in the clock ticks of its machine: numbers are used again.
  started INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX worker_process_host ON worker_process (host);
