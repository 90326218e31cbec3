-- Marking again: keys that were put right after a paper was sat.

-- The key that counts: 1 is the paper's own, later ones are in test_paper_key.
ALTER TABLE test_paper ADD COLUMN key_revision BIGINT NOT NULL DEFAULT 1;
-- Since when attempts are marked again by a new key; nothing once all are.
ALTER TABLE test_paper ADD COLUMN remarking_since BIGINT;
CREATE INDEX test_paper_remarking ON test_paper (remarking_since) WHERE remarking_since IS NOT NULL;

-- Each key after the first, whole, and what about it was changed.
CREATE TABLE test_paper_key (
  paper_id UUID NOT NULL REFERENCES test_paper (id) ON DELETE CASCADE,
  revision BIGINT NOT NULL,
  keyed TEXT NOT NULL,
  item BIGINT NOT NULL,
  change TEXT NOT NULL,
  note TEXT NOT NULL,
  made_by UUID NOT NULL REFERENCES person (id),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (paper_id, revision)
);

-- By which key the marks of an attempt were worked out; the first where it says nothing.
ALTER TABLE attempt ADD COLUMN key_revision BIGINT;
