-- Photos of what was worked out on paper. An answer names them by their bytes; the bytes come after it.

CREATE TABLE attempt_photo (
  attempt_id BLOB NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  blob_id BLOB NOT NULL REFERENCES blob (id),
  size INTEGER NOT NULL,
  -- Whose space it takes; nobody's in a rehearsal.
  organisation_id BLOB REFERENCES organisation (id),
  received_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_photo_blob ON attempt_photo (blob_id);
