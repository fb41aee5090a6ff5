-- Work that follows a decision and was refused does not go on past anybody for good. Whom it had to leave out it keeps here
-- (a JSON array) and tries again later; what could not go on at all keeps its place. `refusal` is the code of the last
-- refusal, `refused_at` since when the work rests because of it (ms since 1970), NULL while it is under way.
ALTER TABLE replans ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
ALTER TABLE replans ADD COLUMN refusal TEXT;
ALTER TABLE replans ADD COLUMN refused_at INTEGER;

-- Nothing has filled or read commit_marks since 0010; the empty table stays for an older Worker.
DELETE FROM commit_marks;
