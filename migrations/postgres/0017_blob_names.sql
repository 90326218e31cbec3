-- What names a blob, in one place: a blob that stands here is not forgotten. Whatever table comes to refer to blobs
-- for its own ends belongs here; what hangs on a blob and goes with it (media) does not.

CREATE VIEW blob_name AS
  SELECT blob_id FROM asset WHERE blob_id IS NOT NULL
  UNION ALL SELECT blob_id FROM question_file
  UNION ALL SELECT source_blob_id FROM question_import
  UNION ALL SELECT blob_id FROM attempt_photo;
