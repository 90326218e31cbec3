-- Tests: what they are made of, to whom they are given, and every answer.

CREATE TABLE test (
  id BLOB PRIMARY KEY NOT NULL,
  -- The school it is for: whose rules and people it is under.
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  owner_id BLOB NOT NULL REFERENCES person (id),
  title TEXT NOT NULL,
  title_folded TEXT NOT NULL,
  subject TEXT,
  grade INTEGER,
  state TEXT NOT NULL,
  -- 'test', 'practice'.
  mode TEXT NOT NULL,
  -- Counts saves of the plan and the settings.
  revision INTEGER NOT NULL,
  -- The paper that whoever starts now gets.
  paper_id BLOB,
  opens_at INTEGER,
  closes_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  given_at INTEGER,
  deleted_at INTEGER,
  -- A link for people without an account.
  link_token TEXT UNIQUE,
  settings TEXT NOT NULL,
  plan TEXT NOT NULL
) STRICT;
CREATE INDEX test_owner ON test (owner_id, updated_at, id);
CREATE INDEX test_organisation ON test (organisation_id, updated_at, id);

-- What is sat: never changed once made.
CREATE TABLE test_paper (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  -- What of it leaves the server before the bell, and the key that opens it.
  sealed_sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  seal_key BLOB NOT NULL,
  layout TEXT NOT NULL,
  -- Secret until results are released.
  keyed TEXT NOT NULL,
  shown TEXT NOT NULL
) STRICT;
CREATE INDEX test_paper_test ON test_paper (test_id);

-- Which version of which question stands where.
CREATE TABLE test_paper_question (
  paper_id BLOB NOT NULL REFERENCES test_paper (id) ON DELETE CASCADE,
  item INTEGER NOT NULL,
  question_id BLOB NOT NULL REFERENCES question (id),
  version INTEGER NOT NULL,
  PRIMARY KEY (paper_id, item)
) STRICT;
CREATE INDEX test_paper_question_question ON test_paper_question (question_id);

-- Pictures and sounds of a paper, sealed like it.
CREATE TABLE test_paper_file (
  paper_id BLOB NOT NULL REFERENCES test_paper (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  file_id BLOB NOT NULL REFERENCES question_file (id),
  PRIMARY KEY (paper_id, number)
) STRICT;
CREATE INDEX test_paper_file_file ON test_paper_file (file_id);

-- To whom it is given.
CREATE TABLE test_target (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  class_id BLOB NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  -- Only these of the class; everybody where neither is named.
  team_id BLOB REFERENCES class_team (id) ON DELETE CASCADE,
  member_id BLOB REFERENCES class_member (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX test_target_test ON test_target (test_id);
CREATE INDEX test_target_class ON test_target (class_id);
CREATE INDEX test_target_team ON test_target (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX test_target_member ON test_target (member_id) WHERE member_id IS NOT NULL;

-- How a person has to do with a test. It may come more than once; the nearest way counts.
CREATE VIEW test_sight AS
  SELECT t.owner_id AS person_id, t.id AS test_id, 'owner' AS how
  FROM test t WHERE t.deleted_at IS NULL
  UNION ALL
  SELECT c.person_id AS person_id, g.test_id AS test_id, 'teacher' AS how
  FROM test_target g JOIN test t ON t.id = g.test_id JOIN class_teacher c ON c.class_id = g.class_id
  WHERE t.deleted_at IS NULL
  UNION ALL
  SELECT m.person_id AS person_id, g.test_id AS test_id, 'pupil' AS how
  FROM test_target g JOIN test t ON t.id = g.test_id JOIN class_member m ON m.class_id = g.class_id
  WHERE t.deleted_at IS NULL AND t.state = 'given' AND m.state = 'active'
    AND (g.member_id IS NULL OR g.member_id = m.id)
    AND (g.team_id IS NULL OR EXISTS (SELECT 1 FROM class_team_member e WHERE e.team_id = g.team_id AND e.member_id = m.id));

-- Who may sit it through the link, without an account: names of a roster.
CREATE TABLE test_entrant (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  number TEXT
) STRICT;
CREATE INDEX test_entrant_test ON test_entrant (test_id, name_key);

-- What is otherwise for one pupil.
CREATE TABLE test_exception (
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  person_id BLOB REFERENCES person (id) ON DELETE CASCADE,
  entrant_id BLOB REFERENCES test_entrant (id) ON DELETE CASCADE,
  opens_at INTEGER,
  closes_at INTEGER,
  extra_seconds INTEGER NOT NULL,
  attempts INTEGER,
  CHECK ((person_id IS NULL) <> (entrant_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX test_exception_person ON test_exception (test_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX test_exception_entrant ON test_exception (test_id, entrant_id) WHERE entrant_id IS NOT NULL;

CREATE TABLE attempt (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id),
  paper_id BLOB NOT NULL REFERENCES test_paper (id),
  person_id BLOB REFERENCES person (id) ON DELETE CASCADE,
  entrant_id BLOB REFERENCES test_entrant (id),
  -- 'real', 'trial' of a teacher, 'rehearsal'.
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  -- 'open', 'submitted'.
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- When answering ends; moved by more time and by outages.
  due_at INTEGER,
  -- Until when answers made before that may still come.
  late_us INTEGER NOT NULL,
  locked_at INTEGER,
  saved_at INTEGER NOT NULL,
  submitted_at INTEGER,
  submitted_by TEXT,
  -- Devices it may still go on at without a teacher's word, for people without an account.
  devices_left INTEGER NOT NULL,
  marked_at INTEGER,
  -- Millionths of a point.
  score INTEGER,
  out_of INTEGER,
  by_hand_left INTEGER NOT NULL DEFAULT 0,
  seed BLOB NOT NULL,
  marks TEXT,
  CHECK (kind <> 'real' OR (person_id IS NULL) <> (entrant_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX attempt_person ON attempt (test_id, person_id, kind, number) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX attempt_entrant ON attempt (test_id, entrant_id, kind, number) WHERE entrant_id IS NOT NULL;
CREATE INDEX attempt_of_person ON attempt (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX attempt_paper ON attempt (paper_id);
CREATE INDEX attempt_open ON attempt (due_at) WHERE state = 'open';

-- A browser in an attempt. Its secret is kept as a hash only.
CREATE TABLE attempt_device (
  attempt_id BLOB NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  user_agent TEXT NOT NULL,
  address TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  -- The server's clock minus the device's, in microseconds.
  clock_offset INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (attempt_id, number)
) STRICT, WITHOUT ROWID;

-- Every answer as it came; the newest of an item counts.
CREATE TABLE attempt_answer (
  attempt_id BLOB NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  device INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  item INTEGER NOT NULL,
  -- By the device's clock, corrected.
  made_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  response TEXT NOT NULL,
  PRIMARY KEY (attempt_id, device, sequence)
) STRICT, WITHOUT ROWID;

-- What happened around it: hints for a person to look at.
CREATE TABLE attempt_event (
  attempt_id BLOB NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  device INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (attempt_id, device, sequence)
) STRICT;

-- Points given by a person.
CREATE TABLE attempt_hand_mark (
  attempt_id BLOB NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  item INTEGER NOT NULL,
  -- Millionths of a point.
  points INTEGER NOT NULL,
  comment TEXT NOT NULL,
  marked_by BLOB NOT NULL REFERENCES person (id),
  marked_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, item)
) STRICT;

CREATE TABLE test_message (
  id BLOB PRIMARY KEY NOT NULL,
  test_id BLOB NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  attempt_id BLOB REFERENCES attempt (id) ON DELETE CASCADE,
  sent_by BLOB NOT NULL REFERENCES person (id),
  sent_at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX test_message_test ON test_message (test_id, sent_at);

-- When servers were last seen alive, and when none was.
CREATE TABLE server_beat (
  server_id BLOB PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE outage (
  id BLOB PRIMARY KEY NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;
