-- The brake (design section 8): large and harmful effects on target groups wait for an admin.

-- What stops an identity provider: limits by kind as JSON (NULL: the usual ones), and losses announced (JSON; NULL: none).
ALTER TABLE scim_settings ADD COLUMN safeguards TEXT;
ALTER TABLE scim_settings ADD COLUMN expected TEXT;
-- A deleted setting of its own takes the people whose deletion waits; this is the key of the one they came through.
ALTER TABLE scim_settings ADD COLUMN heir_of INTEGER;

-- A hold of a kind has the effects that wait for one decision. `people` are those who wait now; `version` numbers the effects
-- as they are recorded. Times in milliseconds since 1970.
CREATE TABLE holds (
  hold_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  version INTEGER NOT NULL,
  people INTEGER NOT NULL,
  released INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  dissolved INTEGER NOT NULL,
  causes TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  decided_at INTEGER,
  decided_by TEXT
);
CREATE UNIQUE INDEX holds_by_id ON holds (company_key, id);
CREATE INDEX open_holds ON holds (company_key) WHERE status = 'open';

-- The mark on what is there: the hold by which somebody stays in a target group (or stays active, or stays at all), and the
-- version of the hold that recorded it; with a hold and no version it was kept.
ALTER TABLE target_group_members ADD COLUMN held_by INTEGER;
ALTER TABLE target_group_members ADD COLUMN held_version INTEGER;
CREATE INDEX held_members ON target_group_members (held_by, user_key) WHERE held_by IS NOT NULL;
ALTER TABLE users ADD COLUMN held_by INTEGER;
ALTER TABLE users ADD COLUMN held_version INTEGER;
-- What waits: 'inactive' or 'deleted'; and since when.
ALTER TABLE users ADD COLUMN held_as TEXT;
ALTER TABLE users ADD COLUMN held_at INTEGER;
CREATE INDEX held_users ON users (held_by, user_key) WHERE held_by IS NOT NULL;

-- What was carried out in the hour before a hold opened, a row for each loss. `target_group_key` is 0 for somebody who was
-- set inactive or deleted.
CREATE TABLE hold_applied (
  hold_key INTEGER NOT NULL,
  user_key INTEGER NOT NULL,
  target_group_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source_key INTEGER NOT NULL,
  detail TEXT NOT NULL,
  lost_at INTEGER NOT NULL,
  undone_at INTEGER,
  PRIMARY KEY (hold_key, user_key, target_group_key)
) WITHOUT ROWID;

-- A decision that is being carried out in steps: what, of which hold, up to which version, and for whom (JSON; NULL: for all).
CREATE TABLE hold_decisions (
  decision_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  hold_key INTEGER NOT NULL,
  action TEXT NOT NULL,
  version INTEGER NOT NULL,
  user_ids TEXT
);
CREATE INDEX hold_decisions_by_company ON hold_decisions (company_key);

-- Who was lost within the last hour, by setting, as JSON: what trips the brake.
CREATE TABLE brakes (
  setting_key INTEGER PRIMARY KEY,
  counts TEXT NOT NULL
);
