-- Photos of what was worked out on paper. An answer names them by their bytes; the bytes come after it.

CREATE TABLE attempt_photo (
  attempt_id UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  blob_id UUID NOT NULL REFERENCES blob (id),
  size BIGINT NOT NULL,
  -- Whose space it takes; nobody's in a rehearsal.
  organisation_id UUID REFERENCES organisation (id),
  received_at BIGINT NOT NULL,
  PRIMARY KEY (attempt_id, sha256)
);
CREATE INDEX attempt_photo_blob ON attempt_photo (blob_id);
