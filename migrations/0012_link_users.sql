-- Who used a sign-in link: an id made for that one attempt. Somebody whose answer from D1 was lost may ask again.
ALTER TABLE console_links ADD COLUMN used_by TEXT;
