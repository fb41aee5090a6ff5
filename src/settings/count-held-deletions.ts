import { rawSql } from "../platform/sql.ts";

/**
 * How many people of the setting `s` are there though their identity provider has deleted them, since that waits in a hold:
 * they lie in a deleted setting beside it (`heir_of`), and are its people still. A number read by the holds that are open, of which
 * a setting has one for those who leave at most.
 */
export const WAITING_DELETIONS = rawSql(`(SELECT count(*) FROM holds h CROSS JOIN users w ON w.held_by = h.hold_key
  AND w.held_as = 'deleted' WHERE h.company_key = s.company_key AND h.status = 'open' AND h.setting_key = s.setting_key)`);
