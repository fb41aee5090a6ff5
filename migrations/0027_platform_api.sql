-- What a platform builds on (design section 10).

-- Some random letters of the commit that made a change. With its place they are its id and its cursor: after a restore of the
-- database a place is given again, but never with the same mark. NULL: made before there were marks.
ALTER TABLE changes ADD COLUMN mark TEXT;
ALTER TABLE webhook_deliveries ADD COLUMN mark TEXT;
-- The mark of the newest change that the retention has taken: a cursor on the edge of what is kept is known by it.
ALTER TABLE companies ADD COLUMN purged_mark TEXT;

-- What the platform calls a company, and keeps with it (a JSON object of texts, numbers and booleans).
ALTER TABLE companies ADD COLUMN external_id TEXT;
ALTER TABLE companies ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- 1 in the database of a company that lives outside the registry while the registry has not what the company is called now.
ALTER TABLE companies ADD COLUMN is_to_copy INTEGER NOT NULL DEFAULT 0;
CREATE INDEX companies_by_external_id ON companies (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX companies_by_name ON companies (name);
CREATE INDEX companies_to_copy ON companies (company_key) WHERE is_to_copy = 1;

-- What the requests with an Idempotency-Key did, for a day: the hash of the request, the status it was answered with, and the
-- ids of what it made (a JSON object). A row goes in the commit of the act itself; company 0 has those that made a company.
CREATE TABLE idempotency_keys (
  company_key INTEGER NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  made TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
