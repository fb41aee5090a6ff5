-- Webhooks: the endpoints of a company, how far each has been told, and what came of every delivery.
--
-- What an endpoint is (url, types, enabled) is written by the company's writer; how far it is, by its courier.
-- Times are milliseconds since 1970.

CREATE TABLE webhooks (
  webhook_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  -- A JSON array of change types, or NULL for all.
  types TEXT,
  -- Made through a Worker on loopback (development): http and loopback targets are allowed.
  allows_loopback INTEGER NOT NULL DEFAULT 0,
  enabled INTEGER NOT NULL DEFAULT 1,
  -- 1 once its back-off is used up; an operator resumes it.
  is_failing INTEGER NOT NULL DEFAULT 0,
  -- The seq of the last change that it has received or that its types leave out. It only ever grows.
  cursor_seq INTEGER NOT NULL,
  -- Grows with every change an operator makes: what a courier planned before that does not count any more.
  revision INTEGER NOT NULL DEFAULT 1,
  -- Of the change after the cursor: attempts that failed, since when, why, and when the next is due.
  failed_attempts INTEGER NOT NULL DEFAULT 0,
  first_failed_at INTEGER,
  failure TEXT,
  next_attempt_at INTEGER,
  last_delivered_at INTEGER,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX webhooks_by_id ON webhooks (company_key, id);

-- One row, or two while a rotation overlaps. Sealed with a key derived from SESSION_SECRET: a dump of the database
-- holds nothing that signs.
CREATE TABLE webhook_secrets (
  webhook_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (webhook_key, id)
) WITHOUT ROWID;

-- What came of the last attempt to deliver a change. The body is not kept: it is the change itself.
CREATE TABLE webhook_deliveries (
  webhook_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  response_status INTEGER,
  response_body TEXT,
  error TEXT,
  duration INTEGER NOT NULL,
  first_attempt_at INTEGER NOT NULL,
  last_attempt_at INTEGER NOT NULL,
  delivered_at INTEGER,
  -- Set by an operator who wants it sent once more; taken back by the attempt.
  resend_at INTEGER,
  PRIMARY KEY (webhook_key, seq)
) WITHOUT ROWID;
CREATE INDEX webhook_deliveries_to_resend ON webhook_deliveries (webhook_key, resend_at) WHERE resend_at IS NOT NULL;
