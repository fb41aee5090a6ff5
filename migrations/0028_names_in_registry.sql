-- Companies outside the registry's own database: it has not had their names until now, by which they are found. A row that
-- only says where a company lives has none, so that this is of their own databases.
UPDATE companies SET is_to_copy = 1 WHERE shard <> 'DB' AND name <> '' AND deleted_at IS NULL;
