-- Classes that are taught together: no nodes of the tree, and of as many schools as take part.

CREATE TABLE class (
  id UUID PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  name_key TEXT NOT NULL,
  subject TEXT,
  grade BIGINT,
  -- What pupils type to join; none while nobody may.
  join_code TEXT UNIQUE,
  join_policy TEXT NOT NULL,
  created_by UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  archived_at BIGINT
);
CREATE INDEX class_name_key ON class (name_key, id);
CREATE INDEX class_created_by ON class (created_by);

CREATE TABLE class_school (
  class_id UUID NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (class_id, organisation_id)
);
CREATE INDEX class_school_organisation ON class_school (organisation_id, class_id);

CREATE TABLE class_teacher (
  class_id UUID NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  person_id UUID NOT NULL REFERENCES person (id),
  -- One is the owner, who cannot be removed by the others.
  role TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (class_id, person_id)
);
CREATE INDEX class_teacher_person ON class_teacher (person_id, class_id);

-- One row a person and class, kept when she leaves: what she did there names it.
CREATE TABLE class_member (
  id UUID PRIMARY KEY NOT NULL,
  class_id UUID NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  person_id UUID NOT NULL REFERENCES person (id),
  -- The school that she is in the class for: its roster and its marks.
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL,
  joined_at BIGINT NOT NULL,
  left_at BIGINT,
  UNIQUE (class_id, person_id)
);
CREATE INDEX class_member_person ON class_member (person_id, state);
CREATE INDEX class_member_organisation ON class_member (organisation_id, class_id);
CREATE INDEX class_member_state ON class_member (class_id, state);

CREATE TABLE class_team (
  id UUID PRIMARY KEY NOT NULL,
  class_id UUID NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  UNIQUE (class_id, name_key)
);

CREATE TABLE class_team_member (
  team_id UUID NOT NULL REFERENCES class_team (id) ON DELETE CASCADE,
  member_id UUID NOT NULL REFERENCES class_member (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, member_id)
);
CREATE INDEX class_team_member_member ON class_team_member (member_id);

-- How a person may see a class: as its owner, teacher or member, or looking after a school that it
-- belongs to or that has somebody in it. A class may come more than once; the nearest way counts.
-- Whoever teaches nowhere any more has left her classes too.
CREATE VIEW class_sight AS
  SELECT t.person_id AS person_id, t.class_id AS class_id, t.role AS how
  FROM class_teacher t
  WHERE EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = t.person_id AND r.until_at IS NULL
    AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher'))
  UNION ALL
  SELECT m.person_id AS person_id, m.class_id AS class_id, 'member' AS how
  FROM class_member m WHERE m.state = 'active'
  UNION ALL
  SELECT o.person_id AS person_id, s.class_id AS class_id, o.role AS how
  FROM class_school s JOIN role_over o ON o.organisation_id = s.organisation_id
  WHERE o.role IN ('administrator', 'school_head')
  UNION ALL
  SELECT o.person_id AS person_id, m.class_id AS class_id, o.role AS how
  FROM class_member m JOIN role_over o ON o.organisation_id = m.organisation_id
  WHERE m.state = 'active' AND o.role IN ('administrator', 'school_head');
