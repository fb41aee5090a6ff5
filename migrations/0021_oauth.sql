-- OAuth: what signs in at the token endpoint. A row of `tokens` is a credential of one of three kinds: a bearer token, a dated
-- secret of a client, or a trust in what another issuer signs. An older Worker takes all of them for tokens: it shows them,
-- can revoke them, and lets none of the new kinds in, since KV knows only tokens. Times are milliseconds since 1970.
ALTER TABLE tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'token';
-- Of a client's secret: its client, and the SHA-256 of the secret's random part.
ALTER TABLE tokens ADD COLUMN client_id TEXT;
ALTER TABLE tokens ADD COLUMN secret_hash TEXT;

-- OAuth clients (RFC 6749 section 4.4); `rcc_` and the id is what the identity provider calls them by.
CREATE TABLE oauth_clients (
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (setting_key, id)
) WITHOUT ROWID;
-- At the token endpoint a client names only itself.
CREATE UNIQUE INDEX oauth_clients_by_id ON oauth_clients (id);

-- Whose assertions a trust takes (RFC 7523), and where that issuer's keys are. Its id is that of its row in `tokens`.
CREATE TABLE oauth_trusts (
  setting_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  audience TEXT NOT NULL,
  jwks_url TEXT NOT NULL,
  PRIMARY KEY (setting_key, id)
) WITHOUT ROWID;
