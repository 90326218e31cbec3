-- Some of those who read the attempts of one test read only those of one kind or state. Where 18 ran in its first form,
-- the index serves the test alone.

DROP INDEX attempt_test;
CREATE INDEX attempt_test ON attempt (test_id, kind, state);
