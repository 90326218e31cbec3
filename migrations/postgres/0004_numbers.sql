-- Numbers that a school gives, identifiers that the sector gives, and lists of people at the size of a province.

-- A school's own number of somebody (mã học sinh, mã giáo viên), at the school: unique among those who
-- are there. Who leaves keeps hers with an end: her history names it, and it may be given again.
CREATE TABLE school_number (
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  number TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  until_at BIGINT,
  PRIMARY KEY (person_id, organisation_id)
);
CREATE UNIQUE INDEX school_number_current ON school_number (organisation_id, number) WHERE until_at IS NULL;

-- The codes so far, which were unique on the server, become numbers of the school where their holder is
-- or was last: the nearest school at or above the place of her role; without a school, that place.
INSERT INTO school_number (person_id, organisation_id, number, given_at, until_at)
SELECT p.id,
  (SELECT c.ancestor_id FROM organisation_closure c JOIN organisation o ON o.id = c.ancestor_id
   WHERE c.descendant_id = r.organisation_id AND (o.kind = 'school' OR c.depth = 0)
   ORDER BY CASE WHEN o.kind = 'school' THEN 0 ELSE 1 END, c.depth LIMIT 1),
  p.code, r.from_at, r.until_at
FROM person p JOIN role_assignment r ON r.id = (SELECT h.id FROM role_assignment h WHERE h.person_id = p.id
  ORDER BY CASE WHEN h.until_at IS NULL THEN 0 ELSE 1 END, CASE WHEN h.until_at IS NULL THEN h.from_at ELSE - h.until_at END, h.id LIMIT 1)
WHERE p.code IS NOT NULL;

-- Their column, unique on the server as it is, is what the ministry's identifier (mã định danh) needs.
UPDATE person SET code = NULL;
ALTER TABLE person RENAME COLUMN code TO ministry_id;

-- A national identifier is one person's. Where two have the same from before, the later entry is kept
-- but marked, and does not count, until somebody corrects one of them.
ALTER TABLE person ADD COLUMN national_id_disputed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX person_national_id ON person (national_id);
UPDATE person SET national_id_disputed = TRUE WHERE national_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM person o WHERE o.national_id = person.national_id
    AND (o.created_at < person.created_at OR (o.created_at = person.created_at AND o.id < person.id)));
DROP INDEX person_national_id;
CREATE UNIQUE INDEX person_national_id ON person (national_id) WHERE NOT national_id_disputed;

-- How a stretch of belonging ended: a class of a past year counts those who moved up or finished from it.
ALTER TABLE enrolment ADD COLUMN ended_by TEXT;
UPDATE enrolment SET ended_by = 'moved_up' WHERE until_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM enrolment n WHERE n.person_id = enrolment.person_id AND n.organisation_id = enrolment.organisation_id
    AND n.role = enrolment.role AND n.year_id <> enrolment.year_id AND n.from_at BETWEEN enrolment.until_at AND enrolment.until_at + 60000000);
DROP INDEX enrolment_class_group;
CREATE INDEX enrolment_class_group ON enrolment (class_group_id, until_at, person_id);

-- Whom each row of an applied list made or changed. The file itself is not kept.
CREATE TABLE people_import_row (
  import_id UUID NOT NULL REFERENCES people_import (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  sheet TEXT NOT NULL,
  line BIGINT NOT NULL,
  action TEXT NOT NULL,
  PRIMARY KEY (import_id, position)
);
CREATE INDEX people_import_row_person ON people_import_row (person_id);

-- Lists read no more than these: by name with what a search looks at, by place, and how many are at each.
DROP INDEX person_name_key;
CREATE INDEX person_list ON person (name_key, id, name_folded, username) WHERE erased_at IS NULL;
DROP INDEX role_assignment_organisation;
CREATE INDEX role_assignment_organisation ON role_assignment (organisation_id, role, until_at, person_id);
CREATE INDEX role_assignment_here ON role_assignment (organisation_id, person_id) WHERE until_at IS NULL;
