-- Boards, mark books and statistics read the attempts of one test, among those of years.

CREATE INDEX attempt_test ON attempt (test_id);
