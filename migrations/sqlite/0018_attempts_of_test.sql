-- Boards, mark books and statistics read the attempts of one test, among those of years; some only those of one kind
-- or state.

CREATE INDEX attempt_test ON attempt (test_id, kind, state);
