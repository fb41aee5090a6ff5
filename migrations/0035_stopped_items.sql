-- What target groups enrolled their members in until somebody stopped it, of each item the last time and on which terms: by
-- it an undo enrols them again, and a training's page tells why people were withdrawn. Times in milliseconds since 1970.
-- `request_id` is that of the request which stopped it; `undone_at` is set once it is undone.
CREATE TABLE stopped_items (
  stop_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  target_group_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  name TEXT NOT NULL,
  due_in_days INTEGER,
  reenrol TEXT,
  stopped_at INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  undone_at INTEGER
);
CREATE UNIQUE INDEX stopped_items_of_group ON stopped_items (company_key, target_group_key, kind, item_id);
CREATE INDEX stopped_items_of_item ON stopped_items (company_key, kind, item_id, request_id);
