-- The directory of all companies. Read the README's section on the architecture before changing anything here.
--
-- Keys: a company's rows carry integer keys of the form company_key * 2^32 + n, where n comes from companies.next_key.
-- Only the company's writer allocates them, so a key is known before the commit, and one company's rows lie together.
-- Public ids are UUID v7 strings. `*_key TEXT` columns hold the folded form of a name (NFKC, trimmed, lower case).
-- Times are milliseconds since 1970. No ON DELETE CASCADE anywhere: deletes are statements in the commit.

CREATE TABLE companies (
  company_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  shard TEXT NOT NULL DEFAULT 'DB',
  -- The fence: a commit names the number it was planned on; any other number turns it negative and aborts the batch.
  commit_no INTEGER NOT NULL DEFAULT 0,
  commit_id TEXT,
  next_key INTEGER NOT NULL DEFAULT 1,
  change_seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  CONSTRAINT fence CHECK (commit_no >= 0)
);
CREATE UNIQUE INDEX companies_by_id ON companies (id);

CREATE TABLE scim_settings (
  setting_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  provider TEXT NOT NULL,
  status TEXT NOT NULL,
  target_group_key INTEGER,
  target_group_scope TEXT NOT NULL DEFAULT 'everyone',
  criteria TEXT NOT NULL,
  criteria_field TEXT,
  active_users INTEGER NOT NULL DEFAULT 0,
  inactive_users INTEGER NOT NULL DEFAULT 0,
  group_count INTEGER NOT NULL DEFAULT 0,
  first_request_at INTEGER,
  first_user_at INTEGER,
  first_group_at INTEGER,
  last_request_at INTEGER,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX scim_settings_by_id ON scim_settings (company_key, id);

CREATE TABLE custom_fields (
  company_key INTEGER NOT NULL,
  field_key TEXT NOT NULL,
  label TEXT NOT NULL,
  type TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, field_key)
) WITHOUT ROWID;

CREATE TABLE field_mappings (
  setting_key INTEGER NOT NULL,
  field_key TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (setting_key, field_key)
) WITHOUT ROWID;

CREATE TABLE tokens (
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  last_four TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER,
  PRIMARY KEY (setting_key, id)
) WITHOUT ROWID;

-- The one look-up that starts with neither company nor setting: a token that KV does not show yet names only itself.
CREATE UNIQUE INDEX tokens_by_id ON tokens (id);

CREATE TABLE users (
  user_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  user_name_key TEXT NOT NULL,
  external_id TEXT,
  display_name TEXT,
  active INTEGER NOT NULL,
  email TEXT,
  email_key TEXT,
  first_name TEXT,
  last_name TEXT,
  department TEXT,
  phone_number TEXT,
  custom_fields TEXT NOT NULL DEFAULT '{}',
  document TEXT NOT NULL,
  -- The document folded for comparisons that ignore case; NULL when lower(document) is the same thing (plain ASCII).
  folded_document TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_by_id ON users (setting_key, id);
CREATE UNIQUE INDEX users_by_name ON users (setting_key, user_name_key);
CREATE INDEX users_by_external_id ON users (setting_key, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_by_email ON users (company_key, email_key) WHERE email_key IS NOT NULL;

CREATE TABLE user_emails (
  setting_key INTEGER NOT NULL,
  value_key TEXT NOT NULL,
  user_key INTEGER NOT NULL,
  type_key TEXT NOT NULL,
  PRIMARY KEY (setting_key, value_key, user_key, type_key)
) WITHOUT ROWID;

CREATE TABLE groups (
  group_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_name_key TEXT NOT NULL,
  external_id TEXT,
  document TEXT NOT NULL,
  folded_document TEXT,
  member_count INTEGER NOT NULL DEFAULT 0,
  -- The target group that mirrors this group while its setting synchronises groups.
  target_group_key INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX groups_by_id ON groups (setting_key, id);
CREATE UNIQUE INDEX groups_by_name ON groups (setting_key, display_name_key);
CREATE INDEX groups_by_external_id ON groups (setting_key, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX groups_by_target_group ON groups (company_key, target_group_key) WHERE target_group_key IS NOT NULL;

CREATE TABLE group_members (
  group_key INTEGER NOT NULL,
  user_key INTEGER NOT NULL,
  PRIMARY KEY (group_key, user_key)
) WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user_key, group_key);

-- Groups that are members of groups: kept and shown, never expanded into target groups.
CREATE TABLE group_subgroups (
  group_key INTEGER NOT NULL,
  subgroup_key INTEGER NOT NULL,
  PRIMARY KEY (group_key, subgroup_key)
) WITHOUT ROWID;
CREATE INDEX group_subgroups_by_subgroup ON group_subgroups (subgroup_key, group_key);

CREATE TABLE target_groups (
  target_group_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  source TEXT NOT NULL,
  member_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX target_groups_by_id ON target_groups (company_key, id);
CREATE UNIQUE INDEX target_groups_by_name ON target_groups (company_key, name_key);

-- One row for each reason a person is in a target group; the membership lasts until its last reason goes.
-- setting_key and source_key are 0 for a manual reason; source_key is the SCIM group's key for kind 'idp', else 0.
CREATE TABLE target_group_members (
  target_group_key INTEGER NOT NULL,
  user_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  setting_key INTEGER NOT NULL,
  source_key INTEGER NOT NULL,
  detail TEXT NOT NULL,
  request_id TEXT,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (target_group_key, user_key, kind, setting_key, source_key)
) WITHOUT ROWID;
CREATE INDEX target_group_members_by_user ON target_group_members (user_key, target_group_key);

CREATE TABLE auto_enrolments (
  company_key INTEGER NOT NULL,
  target_group_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, target_group_key, kind, item_id)
) WITHOUT ROWID;

-- person_key is the folded mapped e-mail, or 'user:' and the user's id when there is none.
CREATE TABLE enrolments (
  enrolment_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  person_key TEXT NOT NULL,
  user_key INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  request_id TEXT
);
CREATE UNIQUE INDEX enrolments_by_id ON enrolments (company_key, id);
CREATE UNIQUE INDEX enrolments_active ON enrolments (company_key, person_key, kind, item_id) WHERE status = 'active';
CREATE INDEX enrolments_by_user ON enrolments (user_key, enrolment_key);

-- The change feed, in commit order: seq comes from companies.change_seq within the commit that makes the change true.
CREATE TABLE changes (
  company_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  time INTEGER NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  user_id TEXT,
  data TEXT NOT NULL,
  cause TEXT NOT NULL,
  PRIMARY KEY (company_key, seq)
) WITHOUT ROWID;
CREATE INDEX changes_by_user ON changes (company_key, user_id, seq) WHERE user_id IS NOT NULL;

CREATE TABLE provisioning_log (
  log_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  time INTEGER NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  resource_type TEXT,
  resource_id TEXT,
  label TEXT,
  status INTEGER NOT NULL,
  scim_type TEXT,
  detail TEXT,
  duration INTEGER NOT NULL,
  request_body TEXT,
  response_body TEXT,
  notes TEXT NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX provisioning_log_by_id ON provisioning_log (company_key, id);
CREATE INDEX provisioning_log_by_setting ON provisioning_log (setting_key, log_key);
CREATE INDEX provisioning_log_by_resource ON provisioning_log (setting_key, resource_id, log_key);

-- Work that follows a settled decision in several commits (regrouping a setting, enrolling a large group), with its place.
CREATE TABLE replans (
  replan_key INTEGER PRIMARY KEY,
  company_key INTEGER NOT NULL,
  kind TEXT NOT NULL,
  scope_key INTEGER NOT NULL,
  after_user_key INTEGER NOT NULL DEFAULT 0,
  cause TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX replans_by_company ON replans (company_key, replan_key);
