-- The extensions that a document holds, as a JSON list of URNs: with them a page is answered from the stored text as it
-- is. NULL in rows that were written before this column was; they are read and printed anew.
ALTER TABLE users ADD COLUMN extensions TEXT;
ALTER TABLE groups ADD COLUMN extensions TEXT;
