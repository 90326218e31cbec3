-- People, organisations and sign-in.

CREATE TABLE organisation (
  id UUID PRIMARY KEY NOT NULL,
  parent_id UUID REFERENCES organisation (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  code TEXT UNIQUE,
  quota_bytes BIGINT,
  used_bytes BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

-- Every (ancestor, descendant) pair of the tree, each node with itself at depth 0.
CREATE TABLE organisation_closure (
  ancestor_id UUID NOT NULL REFERENCES organisation (id),
  descendant_id UUID NOT NULL REFERENCES organisation (id),
  depth BIGINT NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX organisation_closure_descendant ON organisation_closure (descendant_id, ancestor_id);

CREATE TABLE person (
  id UUID PRIMARY KEY NOT NULL,
  display_name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  username TEXT COLLATE "C" NOT NULL UNIQUE,
  email TEXT,
  email_folded TEXT UNIQUE,
  code TEXT UNIQUE,
  birth_date TEXT,
  gender TEXT,
  national_id TEXT,
  phone TEXT,
  guardians TEXT,
  locale TEXT NOT NULL DEFAULT 'vi',
  theme TEXT NOT NULL DEFAULT 'system',
  state TEXT NOT NULL DEFAULT 'active',
  last_sign_in_at BIGINT,
  created_at BIGINT NOT NULL,
  erased_at BIGINT
);
CREATE INDEX person_name_key ON person (name_key, id);

CREATE TABLE credential (
  person_id UUID PRIMARY KEY NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  password_hash TEXT NOT NULL,
  must_change BOOLEAN NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE role_assignment (
  id UUID PRIMARY KEY NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  role TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT
);
CREATE UNIQUE INDEX role_assignment_current ON role_assignment (person_id, organisation_id, role) WHERE until_at IS NULL;
CREATE INDEX role_assignment_person ON role_assignment (person_id, until_at);
CREATE INDEX role_assignment_organisation ON role_assignment (organisation_id, role);

CREATE TABLE school_year (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  name TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  UNIQUE (organisation_id, name)
);

-- The administrative class of a school in a year (10A1), not the class that is taught together.
CREATE TABLE class_group (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  year_id UUID NOT NULL REFERENCES school_year (id),
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  grade BIGINT,
  UNIQUE (year_id, organisation_id, name_folded)
);
CREATE INDEX class_group_organisation ON class_group (organisation_id);

-- Where a person belonged and when: kept when she moves up or to another school.
CREATE TABLE enrolment (
  id UUID PRIMARY KEY NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  year_id UUID REFERENCES school_year (id),
  class_group_id UUID REFERENCES class_group (id),
  role TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT
);
CREATE INDEX enrolment_person ON enrolment (person_id, from_at);
CREATE INDEX enrolment_organisation ON enrolment (organisation_id);
CREATE INDEX enrolment_class_group ON enrolment (class_group_id) WHERE until_at IS NULL;

CREATE TABLE password_link (
  token_hash TEXT PRIMARY KEY NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  created_by UUID,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

-- Failed sign-ins, by "account:<folded login>" and "address:<ip>".
CREATE TABLE sign_in_failure (
  subject TEXT PRIMARY KEY NOT NULL,
  failures BIGINT NOT NULL,
  window_started_at BIGINT NOT NULL,
  blocked_until BIGINT
);

-- The session's id is kept only as its SHA-256: a stolen database opens no session.
CREATE TABLE session (
  id_hash TEXT PRIMARY KEY NOT NULL,
  public_id UUID NOT NULL UNIQUE,
  person_id UUID REFERENCES person (id) ON DELETE CASCADE,
  data TEXT NOT NULL,
  user_agent TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE people_import (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  created_by UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  filename TEXT NOT NULL,
  content BYTEA NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  applied_at BIGINT
);

CREATE TABLE audit_entry (
  id UUID PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL,
  actor_id UUID,
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID,
  organisation_id UUID,
  detail TEXT NOT NULL,
  address TEXT
);
CREATE INDEX audit_entry_organisation ON audit_entry (organisation_id, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id);

-- Facts about this installation, such as the hash of the set-up token.
CREATE TABLE setting (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
);
