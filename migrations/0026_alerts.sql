-- Alerts (design section 11): what wants an admin, opened and closed by facts. Times in milliseconds since 1970.

-- When the rules have to look at a company again though nothing is asked of it; NULL: not before something happens. Companies
-- of before are looked at once.
ALTER TABLE companies ADD COLUMN alerts_due_at INTEGER;
UPDATE companies SET alerts_due_at = 0 WHERE deleted_at IS NULL
  AND EXISTS (SELECT 1 FROM scim_settings s WHERE s.company_key = companies.company_key);
CREATE INDEX companies_by_alerts_due ON companies (alerts_due_at) WHERE alerts_due_at IS NOT NULL;

-- How a setting is used, as JSON: since when that is known, the longest pauses of the last days, and the writes of the last
-- hour. It is written with the time of the last request, in the same row.
ALTER TABLE scim_settings ADD COLUMN traffic TEXT;

-- One row an opening. `subject` says what of the setting (or the company) it is about: a hold, a credential, a code, a quota,
-- a webhook. `facts` is JSON of what its words are made of; `told_at` is when a message about it was last made.
CREATE TABLE alerts (
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  setting_key INTEGER,
  subject TEXT NOT NULL,
  facts TEXT NOT NULL,
  since INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  told_at INTEGER,
  dismissed_at INTEGER,
  closed_at INTEGER,
  PRIMARY KEY (company_key, id)
) WITHOUT ROWID;
CREATE INDEX alerts_by_closing ON alerts (company_key, closed_at);
-- Every page of the console asks for those that are not over.
CREATE INDEX alerts_living ON alerts (company_key, id) WHERE closed_at IS NULL;

-- Writes that were refused and that no later success made good: one row for a code and whom it met. `subject` is the id of the
-- user or group, a digest of its name where it has no id, or empty where nobody is named; `name` is the digest beside an id.
CREATE TABLE failing_writes (
  setting_key INTEGER NOT NULL,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  request_ids TEXT NOT NULL,
  PRIMARY KEY (setting_key, code, subject)
) WITHOUT ROWID;

-- Work that an admin announced: no messages until it is over.
CREATE TABLE planned_work (
  company_key INTEGER PRIMARY KEY,
  until INTEGER NOT NULL,
  note TEXT NOT NULL,
  announced_at INTEGER NOT NULL
);

-- Where messages go besides the console and the webhooks. An e-mail address takes none but the one that asks to confirm it
-- before it is confirmed; `nonce` is what its link is good for once. `origin` is how the console is reached.
CREATE TABLE message_channels (
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  allows_loopback INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  nonce TEXT,
  confirmed_at INTEGER,
  last_sent_at INTEGER,
  failure TEXT,
  failed_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, id)
) WITHOUT ROWID;

-- Messages on their way; a row goes when its message is sent, or has failed for too long.
CREATE TABLE messages (
  message_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  channel_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  confirms INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL
);
CREATE INDEX messages_by_company ON messages (company_key, next_attempt_at);
CREATE INDEX messages_due ON messages (next_attempt_at);
