-- People are sorted by department, too, from the index that a search of them reads: it holds all that a list is sorted by.
-- Nobody has an entry more.
DROP INDEX users_by_words;
CREATE INDEX users_by_words ON users
  (setting_key, user_name_key, email_key, first_name, last_name, full_name_key, active, display_name, department);

-- The operator's list of companies by name. A company writes it when it is made; its commits do not touch it.
CREATE INDEX companies_by_name_in_order ON companies (name COLLATE NOCASE) WHERE deleted_at IS NULL;
