-- Erasing a person finds its requests by the user's id; those that only name it (a look-up before the user was made, a
-- refused create) by the name they asked for, which is their label.
CREATE INDEX provisioning_log_by_label ON provisioning_log (setting_key, lower(label))
  WHERE resource_id IS NULL AND label IS NOT NULL;
