-- What a company may have, where the operator has set it otherwise than for all: a JSON object of numbers by name of quota
-- (src/companies/quotas.ts). Null for the quotas that all have.
ALTER TABLE companies ADD COLUMN quotas TEXT;
