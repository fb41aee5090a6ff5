-- The ids of a company's latest commits, newest first, each followed by a blank. By it a writer whose answer from D1 was
-- lost finds out whether its commit got through, even when another writer has committed since: only a commit itself puts
-- its id here, in the row that it writes anyway. The table commit_marks is filled no more; it stays for an older Worker.
ALTER TABLE companies ADD COLUMN recent_commits TEXT NOT NULL DEFAULT '';
