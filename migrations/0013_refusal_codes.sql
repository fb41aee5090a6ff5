-- Why a request was refused and why a delivery failed, as a word of a closed list beside the sentence for people. What was
-- written before has none; of a webhook in trouble, which somebody looks at now, it is told from the sentence, this once.
ALTER TABLE provisioning_log ADD COLUMN code TEXT;
ALTER TABLE webhook_deliveries ADD COLUMN error_code TEXT;
ALTER TABLE webhooks ADD COLUMN failure_code TEXT;
UPDATE webhooks SET failure_code = CASE
  WHEN failure LIKE 'Answered 3__:%' THEN 'redirects'
  WHEN failure IN ('Answered 401.', 'Answered 403.') THEN 'denied'
  WHEN failure IN ('Answered 404.', 'Answered 405.') THEN 'not_there'
  WHEN failure = 'Answered 410.' THEN 'gone'
  WHEN failure = 'Answered 429.' THEN 'slow_down'
  WHEN failure LIKE 'Answered 4__.' THEN 'rejected'
  WHEN failure LIKE 'Answered 5__.' THEN 'broken'
  WHEN failure LIKE 'Not reached: no answer within %' THEN 'too_slow'
  WHEN failure LIKE 'Not reached: %' THEN 'not_reached'
  WHEN failure LIKE 'Changes that it had not received %' THEN 'missed_changes'
  WHEN failure LIKE 'The signing secret cannot be read: %' THEN 'unreadable_secret'
  ELSE 'bad_address'
END WHERE failure IS NOT NULL;
