-- What a target group is kept as, in the words of its source; NULL: as its source says. One kept as 'idp' goes when nothing
-- holds it any more; others stay, empty. A value that names a mirror makes it a value's group; an IdP group's new name, or
-- its end, makes a mirror of what nothing else feeds.
ALTER TABLE target_groups ADD COLUMN kept_as TEXT;

-- When a user's deactivation was counted among its setting's (milliseconds since 1970): one that comes back within the
-- window is taken off again. NULL for those who are active or were deactivated uncounted.
ALTER TABLE users ADD COLUMN left_at INTEGER;
