-- What the company admin's console needs besides the directory.

-- One-time sign-in links. Only the SHA-256 of a link's secret is kept; a used or expired row says nothing to anybody.
CREATE TABLE console_links (
  secret_hash TEXT PRIMARY KEY,
  company_key INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX console_links_by_company ON console_links (company_key, expires_at);

-- The plot of a setting's activity counts 30 days of requests from this index alone, and a name is looked for in it
-- without touching the rows, which carry whole bodies.
CREATE INDEX provisioning_log_activity ON provisioning_log (setting_key, time, status, label);
-- Requests that failed are few; the setting's page groups the newest of them.
CREATE INDEX provisioning_log_failures ON provisioning_log (setting_key, log_key) WHERE status >= 400;

-- People are searched by parts of words, which no index finds: the search walks this one instead of the fat rows.
CREATE INDEX users_by_words ON users (setting_key, user_name_key, email_key, first_name, last_name, active);
