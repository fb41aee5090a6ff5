-- How many of a setting's active users were deactivated or deleted since the present window began (milliseconds since 1970),
-- kept in the commits that do it: a window in which more than a fifth goes is noted in the provisioning log.
ALTER TABLE scim_settings ADD COLUMN deactivations_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scim_settings ADD COLUMN deactivations INTEGER NOT NULL DEFAULT 0;
