-- Rehearsals of tests: synthetic pupils sit them over real HTTP, and leave nothing but a report.

CREATE TABLE rehearsal (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  -- Nobody where the operator asked.
  asked_by BLOB REFERENCES person (id),
  students INTEGER NOT NULL,
  -- 1 where it goes on while real pupils sit a test.
  beside INTEGER NOT NULL,
  -- 'waiting', 'playing', 'done', 'stopped', 'failed'.
  state TEXT NOT NULL,
  -- 1 until it has ended and been cleaned up: there is one at a time.
  slot INTEGER UNIQUE,
  -- What its pupils come in with; a hash.
  token_hash TEXT UNIQUE,
  -- What goes on now.
  part TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  -- When the server that plays it last said so.
  beat_at INTEGER NOT NULL,
  ended_at INTEGER,
  report TEXT
) STRICT;
CREATE INDEX rehearsal_test ON rehearsal (test_id, asked_at);

-- Whether anybody still sits a test is asked with every result.
CREATE INDEX attempt_open_test ON attempt (test_id) WHERE state = 'open';

-- A synthetic pupil is a number.
CREATE UNIQUE INDEX attempt_rehearsal ON attempt (test_id, number) WHERE kind = 'rehearsal';
