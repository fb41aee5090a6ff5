-- A commit that puts nothing into the change feed or the provisioning log (a field, a webhook, a company's name) leaves a
-- mark: by it a writer whose answer from D1 was lost finds out whether its commit got through, even when another writer
-- has committed since. Only a company's newest marks are kept.
CREATE TABLE commit_marks (
  company_key INTEGER NOT NULL,
  commit_no INTEGER NOT NULL,
  commit_id TEXT NOT NULL,
  PRIMARY KEY (company_key, commit_no, commit_id)
) WITHOUT ROWID;
