-- How far the rows of a company have been brought into the form in which they are written today: how many of the steps in
-- src/platform/stored-forms.ts they have been through, and the place in the next one. A company that is made says so itself;
-- the default is for those that an older Worker makes.
ALTER TABLE companies ADD COLUMN stored_form INTEGER NOT NULL DEFAULT 7;
ALTER TABLE companies ADD COLUMN stored_form_after TEXT NOT NULL DEFAULT '';
-- The id of the last commit by a writer that knows of this. Where it is not commit_id, an older Worker has written since,
-- and the steps begin anew.
ALTER TABLE companies ADD COLUMN stored_form_commit TEXT;
-- A company that has committed nothing has nothing to be brought along; nor has the registry's row of one that lives in
-- another database.
UPDATE companies SET stored_form = 0 WHERE commit_id IS NOT NULL;
CREATE INDEX companies_by_stored_form ON companies (stored_form);

-- Users, groups and target groups whose name is another one's since names are folded otherwise: the older row kept it. They
-- have a key that no name folds to, and their own again once the other one goes or is renamed.
CREATE TABLE lost_names (
  company_key INTEGER NOT NULL,
  row_key INTEGER NOT NULL,
  -- 'user', 'group' or 'targetGroup'.
  kind TEXT NOT NULL,
  -- The setting within which the name is one, 0 for target groups.
  scope_key INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  lost_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, row_key)
) WITHOUT ROWID;
CREATE INDEX lost_names_by_name ON lost_names (company_key, kind, scope_key, name_key);

-- First and last name folded, for the search of people; NULL when lower() makes the same of them (plain ASCII).
ALTER TABLE users ADD COLUMN full_name_key TEXT;
DROP INDEX users_by_words;
CREATE INDEX users_by_words ON users (setting_key, user_name_key, email_key, first_name, last_name, full_name_key, active);

-- The label of a request's row folded as names are, NULL when lower() makes the same of it: by it the rows are found of those
-- who asked for a person by another spelling of its name. Rows of before have none; they are kept for a month.
ALTER TABLE provisioning_log ADD COLUMN label_key TEXT;
CREATE INDEX provisioning_log_by_label_key ON provisioning_log (setting_key, label_key)
  WHERE label_key IS NOT NULL AND resource_id IS NULL;
