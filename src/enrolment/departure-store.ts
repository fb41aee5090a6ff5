import { OPEN_ENROLMENT } from "../directory/enrolment-column-values.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";

/** What somebody loses by being removed or made inactive by hand. */
export interface Departure {
  /** Target groups the person is in, and those of them given by hand, which an inactive person keeps. */
  groups: number;
  byHand: number;
  /** Open enrolments that are withdrawn, and those that go on through another user of the same person. */
  withdrawn: number;
  handedOver: number;
}

/** Whether another active user of the person is in a target group that enrols in the same item. */
const HELD_BY_ANOTHER = rawSql(`
EXISTS (SELECT 1 FROM users o
  CROSS JOIN target_group_members m ON m.user_key = o.user_key
  CROSS JOIN auto_enrolments a ON a.company_key = e.company_key AND a.target_group_key = m.target_group_key
    AND a.kind = e.kind AND a.item_id = e.item_id
  WHERE o.company_key = e.company_key AND o.email_key = e.person_key AND o.user_key <> e.user_key AND o.active = 1)`);

/** What the statement below counts. */
type Counts = Pick<Departure, "groups" | "byHand" | "handedOver"> & { enrolments: number };

/** Reads how much a user, named by its key, would lose; counted in D1, and held to what the writer plans by a property test. */
export function selectDeparture(userKey: number): Read<Departure> {
  const statement = sql`
    SELECT (SELECT count(DISTINCT target_group_key) FROM target_group_members WHERE user_key = ${userKey}) AS groups,
      (SELECT count(*) FROM target_group_members WHERE user_key = ${userKey} AND kind = 'manual') AS byHand,
      count(*) AS enrolments, coalesce(sum(${HELD_BY_ANOTHER}), 0) AS handedOver
    FROM enrolments e WHERE e.user_key = ${userKey} AND ${rawSql(OPEN_ENROLMENT)}`;
  return {
    statements: [statement],
    decode: ([rows]) => {
      const [counts] = rowsOf<Counts>(rows);
      const { groups = 0, byHand = 0, enrolments = 0, handedOver = 0 } = counts ?? {};
      return { groups, byHand, withdrawn: enrolments - handedOver, handedOver };
    },
  };
}
