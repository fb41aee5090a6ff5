-- The links of the last day that ask to confirm an e-mail address, by a digest of the address: whoever adds and removes one
-- again and again must not have mail sent to it each time. `asked_at` is in milliseconds since 1970.
CREATE TABLE confirmation_links (
  company_key INTEGER NOT NULL,
  address TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (company_key, address, asked_at)
) WITHOUT ROWID;
