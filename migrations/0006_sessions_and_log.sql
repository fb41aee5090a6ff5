-- Console sessions that were signed out before their time. A session lives in its signed cookie; what is kept here is the
-- SHA-256 of its id, until the cookie would have expired by itself.
CREATE TABLE ended_sessions (
  session_hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ended_sessions_by_end ON ended_sessions (expires_at);

-- Requests about groups can be few among those about users: a list of them alone walks this, for one more row written by
-- each of them.
CREATE INDEX provisioning_log_groups ON provisioning_log (setting_key, time) WHERE resource_type = 'Group';
