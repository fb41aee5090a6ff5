import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** What a list asks of people and one training or phishing simulation. */
export interface EnrolmentFilter {
  kind: "training" | "phishing";
  itemId: string;
  /** `none`: active, and not enrolled in it now, whether they never were or are no more. */
  state: "active" | "withdrawn" | "none";
}

/** Under which enrolments know the person of the user `u`. */
const PERSON_KEY = rawSql("coalesce(u.email_key, 'user:' || u.id)");

/**
 * Whether the user `u` is so enrolled, as a condition. An enrolment is a person's: of several users of one person the one
 * that holds it is enrolled, and none of them is without.
 */
export function isEnrolled({ kind, itemId, state }: EnrolmentFilter): Sql {
  const isOfItem = sql`e.kind = ${kind} AND e.item_id = ${itemId}`;
  const open = sql`SELECT 1 FROM enrolments e WHERE e.company_key = u.company_key AND e.person_key = ${PERSON_KEY}
    AND ${isOfItem} AND e.status = 'active'`;
  switch (state) {
    case "active":
      return sql`EXISTS (${open} AND e.user_key = u.user_key)`;
    case "withdrawn":
      return sql`(NOT EXISTS (${open}) AND EXISTS (SELECT 1 FROM enrolments e WHERE e.user_key = u.user_key
        AND ${isOfItem} AND e.status = 'withdrawn'))`;
    case "none":
      return sql`(u.active = 1 AND NOT EXISTS (${open}))`;
  }
}
