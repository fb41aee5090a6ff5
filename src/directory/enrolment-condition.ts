import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** What a list asks of people and one training or phishing simulation. */
export interface EnrolmentFilter {
  kind: "training" | "phishing";
  itemId: string;
  /** `none`: active, and not enrolled in it now, whether they never were or are no more. */
  state: "active" | "withdrawn" | "none";
}

/**
 * When the user `w` was enrolled in an item, as a text that sorts as the times do; empty for never. Of several enrolments the
 * open one counts, else the last.
 */
export function startOfEnrolment({ kind, itemId }: Pick<EnrolmentFilter, "kind" | "itemId">): Sql {
  return sql`coalesce((SELECT printf('%015d', e.started_at) FROM enrolments e
    WHERE e.user_key = w.user_key AND e.kind = ${kind} AND e.item_id = ${itemId}
    ORDER BY e.status = 'active' AND e.given IS 1 DESC, e.enrolment_key DESC LIMIT 1), '')`;
}

/**
 * Whether the user `w` of a company is so enrolled, as a condition on what the index of names holds. An enrolment is a
 * person's: of several users of one person the one that holds it is enrolled, and none of them is without.
 */
export function isEnrolled(companyKey: number, { kind, itemId, state }: EnrolmentFilter): Sql {
  const isOfItem = sql`e.kind = ${kind} AND e.item_id = ${itemId}`;
  // What somebody completed stays when no target group gives it any more: it is of the past then.
  const isNow = rawSql("e.status = 'active' AND e.given = 1");
  const ofUser = (isSo: Sql) =>
    sql`EXISTS (SELECT 1 FROM enrolments e WHERE e.user_key = w.user_key AND ${isOfItem} AND ${isSo})`;
  // Who has no address is known by an id, which that index does not hold.
  const isOpen = sql`CASE WHEN w.email_key IS NULL THEN ${ofUser(isNow)} ELSE EXISTS (SELECT 1 FROM enrolments e
    WHERE e.company_key = ${companyKey} AND e.person_key = w.email_key AND ${isOfItem} AND ${isNow}) END`;
  switch (state) {
    case "active":
      return sql`(${isOpen} AND ${ofUser(isNow)})`;
    case "withdrawn":
      return sql`(${ofUser(rawSql("(e.status = 'withdrawn' OR e.given IS NULL)"))} AND NOT ${isOpen})`;
    case "none":
      return sql`(w.active = 1 AND NOT ${isOpen})`;
  }
}
