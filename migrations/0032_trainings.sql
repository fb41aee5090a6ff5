-- What people are trained in, and what the console's first page shows of a company (design section 10).

-- What there is to choose from, as the platform says it; `place` is its order.
CREATE TABLE catalogue_items (
  company_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (company_key, kind, item_id)
) WITHOUT ROWID;

-- Every item that somebody was ever enrolled in, how many are, and how many enrolments in it have ended: kept in the commits,
-- since to count them would be to look at all enrolments of a company. `name` is the item's when these numbers last changed.
CREATE TABLE enrolled_items (
  company_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  PRIMARY KEY (company_key, kind, item_id)
) WITHOUT ROWID;
-- The commit up to which they are counted. Where it is not the company's last, a Worker from before has committed since (or
-- nobody has counted yet), and the next commit counts anew.
ALTER TABLE companies ADD COLUMN items_counted_commit TEXT;

-- How many people joined and left, by day, as JSON: of the last days only. It is in the row that every commit writes, so that
-- it costs none of its own. NULL: no commit since this is kept.
ALTER TABLE companies ADD COLUMN people_days TEXT;
