-- Papers and the pictures and sounds of questions take space of an organisation, like files of lessons.

-- Whose space it takes. Files of before that nobody can be found for count nowhere.
ALTER TABLE question_file ADD COLUMN organisation_id UUID REFERENCES organisation (id);
CREATE INDEX question_file_organisation ON question_file (organisation_id);

-- Files so far: their paper's organisation, else that of the bank they are in, else where their maker works.
UPDATE question_file SET organisation_id = COALESCE(
  (SELECT i.organisation_id FROM question_import_file f JOIN question_import i ON i.id = f.import_id
   WHERE f.file_id = question_file.id ORDER BY i.id LIMIT 1),
  (SELECT d.organisation_id FROM question_version_file v JOIN question q ON q.id = v.question_id
   JOIN question_folder d ON d.id = q.folder_id
   WHERE v.file_id = question_file.id AND d.organisation_id IS NOT NULL ORDER BY q.id LIMIT 1),
  (SELECT r.organisation_id FROM role_assignment r
   WHERE r.person_id = question_file.created_by AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
   ORDER BY CASE WHEN r.until_at IS NULL THEN 0 ELSE 1 END, r.from_at, r.id LIMIT 1));
UPDATE organisation SET used_bytes = used_bytes
  + CAST(COALESCE((SELECT SUM(i.size) FROM question_import i WHERE i.organisation_id = organisation.id), 0) AS BIGINT)
  + CAST(COALESCE((SELECT SUM(f.size) FROM question_file f WHERE f.organisation_id = organisation.id), 0) AS BIGINT);
