-- What was handed in and has no mark yet is looked for every few seconds, among all attempts there ever were.
CREATE INDEX attempt_unmarked ON attempt (submitted_at) WHERE state = 'submitted' AND marked_at IS NULL;
