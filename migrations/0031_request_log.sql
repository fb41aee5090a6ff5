-- The provisioning log at a third of its rows. Every row that is written is billed, and so is every entry of an index: a row
-- of provisioning_log has up to seven. What is logged from now on goes into request_log; provisioning_log is filled no more
-- (but by an older Worker), is read beside it, and is empty once its retention is over. Nothing of it is rewritten, and
-- nothing but this is done while the database stands still. An older Worker neither lists nor erases what is in here.

-- One row a request, kept by what the log is read by: the setting, what the row is, and the request's id, which is a UUID of
-- version 7 and so tells the time. Its other indexes hold only the rows that have something to say there.
CREATE TABLE request_log (
  setting_key INTEGER NOT NULL,
  -- 0: a request. 1: one about a group. 2: what the notes of a Bulk request say of one person. 3: look-ups that succeeded,
  -- many in one row, under the id of the first; no two rows of a setting overlap.
  lane INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- Milliseconds since 1970; of look-ups in one row, that of the last.
  time INTEGER NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  resource_type TEXT,
  resource_id TEXT,
  label TEXT,
  -- NULL where lower(label) is the same.
  label_key TEXT,
  status INTEGER NOT NULL,
  code TEXT,
  scim_type TEXT,
  detail TEXT,
  duration INTEGER NOT NULL,
  -- The credential that it came with.
  token_id TEXT,
  -- How many a question was told of; NULL where it is none, or not known.
  found INTEGER,
  notes TEXT NOT NULL DEFAULT '[]',
  -- Of look-ups in one row: how many, the id of the last, and what is kept of each, in the order of their ids.
  packed INTEGER,
  last_id TEXT,
  entries TEXT,
  -- What was sent and answered (src/log/kept-bodies.ts): the row stays short enough to lie in one page.
  bodies TEXT,
  PRIMARY KEY (setting_key, lane, id)
) WITHOUT ROWID;
CREATE INDEX request_log_by_resource ON request_log (setting_key, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX request_log_by_label ON request_log (setting_key, lower(label)) WHERE resource_id IS NULL AND label IS NOT NULL;
CREATE INDEX request_log_by_label_key ON request_log (setting_key, label_key)
  WHERE resource_id IS NULL AND label_key IS NOT NULL;
CREATE INDEX request_log_failures ON request_log (setting_key, id) WHERE status >= 400;

-- In which rows the look-ups about somebody are, by the id of the one user that was found, or else by the name that was asked
-- for, folded in either way: by it they are listed and erased.
CREATE TABLE packed_look_ups (
  setting_key INTEGER NOT NULL,
  name TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  PRIMARY KEY (setting_key, name, pack_id)
) WITHOUT ROWID;
