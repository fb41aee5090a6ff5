-- What a person was called before: a look-up by an old name names nobody's id, so erasing the person finds it by this.
-- Kept as long as the provisioning log, which is all it is for. Folded as the log's index folds its labels (ASCII only).
CREATE TABLE former_names (
  user_key INTEGER NOT NULL,
  name TEXT NOT NULL,
  company_key INTEGER NOT NULL,
  lost_at INTEGER NOT NULL,
  PRIMARY KEY (user_key, name)
) WITHOUT ROWID;
CREATE INDEX former_names_by_age ON former_names (company_key, lost_at);
