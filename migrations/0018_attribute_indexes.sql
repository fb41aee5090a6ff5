-- What a setting's provider looks users up by, where no index of the directory's own finds it: the setting gets one by
-- itself, two at most. It is filled in steps, and kept in every commit from the moment its row is there.
CREATE TABLE attribute_indexes (
  index_key INTEGER PRIMARY KEY,
  setting_key INTEGER NOT NULL,
  -- The attribute's place in a document as a JSON array of folded names: extension ('' for none), attribute, sub-attribute.
  path TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- NULL until every user is in it: no look-up reads it before.
  completed_at INTEGER,
  -- To the day.
  last_used_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX attribute_indexes_by_path ON attribute_indexes (setting_key, path);

-- The values of the users of such settings, folded and cut: what a look-up finds here it still compares.
CREATE TABLE attribute_keys (
  index_key INTEGER NOT NULL,
  value_key TEXT NOT NULL,
  user_key INTEGER NOT NULL,
  PRIMARY KEY (index_key, value_key, user_key)
) WITHOUT ROWID;
