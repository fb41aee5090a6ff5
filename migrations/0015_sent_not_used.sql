-- What a setting's provider sends and Rollcall does not use, by path, so that its page can say so once however often it
-- comes. Paths only, never a value: nothing in here is about a person. Times are milliseconds since 1970.
CREATE TABLE sent_not_used (
  setting_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  -- Written once a day at most, with the request that it was.
  last_at INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (setting_key, kind, path)
) WITHOUT ROWID;
