-- The two things of a client's dialect that no reader can guess: what a PUT of a group without members does with those it
-- has ('keep' or 'empty'), and whether ServiceProviderConfig shows pagination (1 or 0). The defaults are those of the
-- providers that settings could name so far.
ALTER TABLE scim_settings ADD COLUMN put_without_members TEXT NOT NULL DEFAULT 'keep';
ALTER TABLE scim_settings ADD COLUMN show_pagination INTEGER NOT NULL DEFAULT 1;
