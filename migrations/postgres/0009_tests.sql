-- Tests: what they are made of, to whom they are given, and every answer.

CREATE TABLE test (
  id UUID PRIMARY KEY NOT NULL,
  -- The school it is for: whose rules and people it is under.
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  owner_id UUID NOT NULL REFERENCES person (id),
  title TEXT NOT NULL,
  title_folded TEXT NOT NULL,
  subject TEXT,
  grade BIGINT,
  state TEXT NOT NULL,
  -- 'test', 'practice'.
  mode TEXT NOT NULL,
  -- Counts saves of the plan and the settings.
  revision BIGINT NOT NULL,
  -- The paper that whoever starts now gets.
  paper_id UUID,
  opens_at BIGINT,
  closes_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  given_at BIGINT,
  deleted_at BIGINT,
  -- A link for people without an account.
  link_token TEXT UNIQUE,
  settings TEXT NOT NULL,
  plan TEXT NOT NULL
);
CREATE INDEX test_owner ON test (owner_id, updated_at, id);
CREATE INDEX test_organisation ON test (organisation_id, updated_at, id);

-- What is sat: never changed once made.
CREATE TABLE test_paper (
  id UUID PRIMARY KEY NOT NULL,
  test_id UUID NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  -- What of it leaves the server before the bell, and the key that opens it.
  sealed_sha256 TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  seal_key BYTEA NOT NULL,
  layout TEXT NOT NULL,
  -- Secret until results are released.
  keyed TEXT NOT NULL,
  shown TEXT NOT NULL
);
CREATE INDEX test_paper_test ON test_paper (test_id);

-- Which version of which question stands where.
CREATE TABLE test_paper_question (
  paper_id UUID NOT NULL REFERENCES test_paper (id) ON DELETE CASCADE,
  item BIGINT NOT NULL,
  question_id UUID NOT NULL REFERENCES question (id),
  version BIGINT NOT NULL,
  PRIMARY KEY (paper_id, item)
);
CREATE INDEX test_paper_question_question ON test_paper_question (question_id);

-- Pictures and sounds of a paper, sealed like it.
CREATE TABLE test_paper_file (
  paper_id UUID NOT NULL REFERENCES test_paper (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  file_id UUID NOT NULL REFERENCES question_file (id),
  PRIMARY KEY (paper_id, number)
);
CREATE INDEX test_paper_file_file ON test_paper_file (file_id);

-- To whom it is given.
CREATE TABLE test_target (
  id UUID PRIMARY KEY NOT NULL,
  test_id UUID NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  class_id UUID NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  -- Only these of the class; everybody where neither is named.
  team_id UUID REFERENCES class_team (id) ON DELETE CASCADE,
  member_id UUID REFERENCES class_member (id) ON DELETE CASCADE
);
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
  id UUID PRIMARY KEY NOT NULL,
  test_id UUID NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  number TEXT
);
CREATE INDEX test_entrant_test ON test_entrant (test_id, name_key);

-- What is otherwise for one pupil.
CREATE TABLE test_exception (
  test_id UUID NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  person_id UUID REFERENCES person (id) ON DELETE CASCADE,
  entrant_id UUID REFERENCES test_entrant (id) ON DELETE CASCADE,
  opens_at BIGINT,
  closes_at BIGINT,
  extra_seconds BIGINT NOT NULL,
  attempts BIGINT,
  CHECK ((person_id IS NULL) <> (entrant_id IS NULL))
);
CREATE UNIQUE INDEX test_exception_person ON test_exception (test_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX test_exception_entrant ON test_exception (test_id, entrant_id) WHERE entrant_id IS NOT NULL;

CREATE TABLE attempt (
  id UUID PRIMARY KEY NOT NULL,
  test_id UUID NOT NULL REFERENCES test (id),
  paper_id UUID NOT NULL REFERENCES test_paper (id),
  person_id UUID REFERENCES person (id) ON DELETE CASCADE,
  entrant_id UUID REFERENCES test_entrant (id),
  -- 'real', 'trial' of a teacher, 'rehearsal'.
  kind TEXT NOT NULL,
  number BIGINT NOT NULL,
  -- 'open', 'submitted'.
  state TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  -- When answering ends; moved by more time and by outages.
  due_at BIGINT,
  -- Until when answers made before that may still come.
  late_us BIGINT NOT NULL,
  locked_at BIGINT,
  saved_at BIGINT NOT NULL,
  submitted_at BIGINT,
  submitted_by TEXT,
  -- Devices it may still go on at without a teacher's word, for people without an account.
  devices_left BIGINT NOT NULL,
  marked_at BIGINT,
  -- Millionths of a point.
  score BIGINT,
  out_of BIGINT,
  by_hand_left BIGINT NOT NULL DEFAULT 0,
  seed BYTEA NOT NULL,
  marks TEXT,
  CHECK (kind <> 'real' OR (person_id IS NULL) <> (entrant_id IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX attempt_person ON attempt (test_id, person_id, kind, number) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX attempt_entrant ON attempt (test_id, entrant_id, kind, number) WHERE entrant_id IS NOT NULL;
CREATE INDEX attempt_of_person ON attempt (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX attempt_paper ON attempt (paper_id);
CREATE INDEX attempt_open ON attempt (due_at) WHERE state = 'open';

-- A browser in an attempt. Its secret is kept as a hash only.
CREATE TABLE attempt_device (
  attempt_id UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  user_agent TEXT NOT NULL,
  address TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  -- The server's clock minus the device's, in microseconds.
  clock_offset BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (attempt_id, number)
);

-- Every answer as it came; the newest of an item counts.
CREATE TABLE attempt_answer (
  attempt_id UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  device BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  item BIGINT NOT NULL,
  -- By the device's clock, corrected.
  made_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  response TEXT NOT NULL,
  PRIMARY KEY (attempt_id, device, sequence)
);

-- What happened around it: hints for a person to look at.
CREATE TABLE attempt_event (
  attempt_id UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  device BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (attempt_id, device, sequence)
);

-- Points given by a person.
CREATE TABLE attempt_hand_mark (
  attempt_id UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  item BIGINT NOT NULL,
  -- Millionths of a point.
  points BIGINT NOT NULL,
  comment TEXT NOT NULL,
  marked_by UUID NOT NULL REFERENCES person (id),
  marked_at BIGINT NOT NULL,
  PRIMARY KEY (attempt_id, item)
);

CREATE TABLE test_message (
  id UUID PRIMARY KEY NOT NULL,
  test_id UUID NOT NULL REFERENCES test (id) ON DELETE CASCADE,
  attempt_id UUID REFERENCES attempt (id) ON DELETE CASCADE,
  sent_by UUID NOT NULL REFERENCES person (id),
  sent_at BIGINT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX test_message_test ON test_message (test_id, sent_at);

-- When servers were last seen alive, and when none was.
CREATE TABLE server_beat (
  server_id UUID PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE outage (
  id UUID PRIMARY KEY NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
