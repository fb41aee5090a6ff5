-- Console sessions. The cookie holds an id and a secret; the row its SHA-256 and all else that is known of the session, so
-- that no key alone makes one, and each can be ended. Times are milliseconds since 1970. The table ended_sessions is used
-- no longer; it stays for a Worker that is rolled back to.
CREATE TABLE console_sessions (
  id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  -- NULL for the operator.
  company_key INTEGER,
  -- What it was begun with: the start of a console link's hash, or the name of an OPERATOR_KEY, whose end ends it.
  entry TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- To some minutes: not every page writes a row.
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) WITHOUT ROWID;
CREATE INDEX console_sessions_by_company ON console_sessions (company_key, created_at);
CREATE INDEX console_sessions_by_end ON console_sessions (expires_at);

-- How far the present rotation of SESSION_SECRET is: one row, named by the key of the present secret. When the schedule
-- first saw it, when it had sealed all webhook secrets anew, and how many neither secret opens.
CREATE TABLE secret_rotations (
  key_id TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  sealed_at INTEGER,
  unreadable INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Wrong operator keys that were sent in each hour: every isolate adds its own count now and then.
CREATE TABLE wrong_keys (
  hour INTEGER PRIMARY KEY,
  count INTEGER NOT NULL
);

-- The key that a secret is known to be sealed under, '' while that is not known. Only the step that seals secrets anew fills
-- it, so that an older Worker goes on adding and reading them.
ALTER TABLE webhook_secrets ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
