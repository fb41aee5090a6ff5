-- What was refused with one status, found at once however much else was refused: a company whose every creation is refused
-- with 409 for a week has its three 500s among a hundred thousand. Only refused requests have a row in it, so that a request
-- that is accepted writes none more. What is accepted is looked for in the order of time instead: most of a log is of these.
CREATE INDEX request_log_by_status ON request_log (setting_key, status, id) WHERE status >= 400;

-- People are searched for by their display name, too: it is in the index that the search reads. Nobody has an entry more.
DROP INDEX users_by_words;
CREATE INDEX users_by_words ON users
  (setting_key, user_name_key, email_key, first_name, last_name, full_name_key, active, display_name);
