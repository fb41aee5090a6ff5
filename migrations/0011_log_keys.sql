-- Requests use up none of a company's keys any more: rows of the log are written without one, and D1 gives them the next
-- after the greatest that is there. This row, which is nobody's and which no list and no purge finds, is where that begins:
-- past the span of every company, so that an older Worker may go on giving keys of those.
INSERT INTO provisioning_log (log_key, company_key, setting_key, id, time, method, path, status, duration)
VALUES (4503599627370496, 0, 0, '', 0, '', '', 0, 0);
