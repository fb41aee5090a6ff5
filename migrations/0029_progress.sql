-- What became of an enrolment, as the training platform reports it, and when it is due. Times in milliseconds since 1970.

-- By when whoever is enrolled is to be done, in days from the start; and whether somebody who completed the item and comes
-- back is enrolled again, as JSON; NULL: no end, never.
ALTER TABLE auto_enrolments ADD COLUMN due_in_days INTEGER;
ALTER TABLE auto_enrolments ADD COLUMN reenrol TEXT;

-- `is_overdue` is 1 once the feed has told that it was not completed in time. `given` is NULL of a completed one once no
-- target group gives its item any more: of the completed and open ones of a person in one item one at most has 1 there.
ALTER TABLE enrolments ADD COLUMN progress_status TEXT;
ALTER TABLE enrolments ADD COLUMN score REAL;
ALTER TABLE enrolments ADD COLUMN completed_at INTEGER;
ALTER TABLE enrolments ADD COLUMN due_at INTEGER;
ALTER TABLE enrolments ADD COLUMN is_overdue INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolments ADD COLUMN given INTEGER DEFAULT 1;

-- What is planned for a person depends on its open enrolments, and on those it completed, withdrawn or not.
DROP INDEX enrolments_active;
CREATE UNIQUE INDEX enrolments_of_person ON enrolments (company_key, person_key, kind, item_id, given)
  WHERE status = 'active' OR progress_status = 'completed';

-- What will be overdue next; it has a row only of what has an end, and until that is told.
CREATE INDEX enrolments_due ON enrolments (company_key, due_at) WHERE due_at IS NOT NULL AND status = 'active'
  AND is_overdue = 0 AND (progress_status IS NULL OR progress_status <> 'completed');

-- When the next enrolment of a company is due, or earlier; NULL: none is.
ALTER TABLE companies ADD COLUMN enrolments_due_at INTEGER;
CREATE INDEX companies_by_enrolments_due ON companies (enrolments_due_at) WHERE enrolments_due_at IS NOT NULL;
