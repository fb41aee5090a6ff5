import { OPEN_ENROLMENT } from "../directory/enrolment-column-values.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Reader } from "./select-referenced-users.ts";
import type { Query } from "./unit-of-work.ts";

/** A group whose members leave one target group for another. */
export interface MirrorMove {
  groupKey: number;
  from: number;
  to: number;
}

/**
 * For each move asked about, how many open enrolments of the active members of its group no other membership holds up: by
 * item, of those that the new target group does not have. Whoever waits in a hold does not move. It is counted at once for
 * tens of thousands, and so apart from the plan by which each of them moves: a property test holds the two together.
 */
export function readWithdrawnByRename({ unit }: Reader): Query[] {
  const keys = [...unit.withdrawnByRename.wanted];
  return keys.map((key) => ({
    ...selectWithdrawn(unit.config.companyKey, moveOf(key)),
    receive: (rows) => {
      const counts = rows.map(({ kind, item_id, n }): [string, number] => [`${kind} ${item_id}`, Number(n)]);
      unit.withdrawnByRename.load(key, new Map(counts));
      if (key === keys.at(-1)) unit.withdrawnByRename.endLoad();
    },
  }));
}

function selectWithdrawn(companyKey: number, { groupKey, from, to }: MirrorMove): Sql {
  return sql`WITH move(c, g, source, target) AS (SELECT ${companyKey}, ${groupKey}, ${from}, ${to}),
  withdrawn AS (SELECT a.kind, a.item_id FROM move v CROSS JOIN auto_enrolments a ON a.company_key = v.c AND a.target_group_key = v.source
    WHERE NOT EXISTS (SELECT 1 FROM auto_enrolments b WHERE b.company_key = v.c AND b.target_group_key = v.target
      AND b.kind = a.kind AND b.item_id = a.item_id))
  SELECT e.kind, e.item_id, count(DISTINCT e.enrolment_key) AS n FROM move v
  CROSS JOIN group_members m ON m.group_key = v.g CROSS JOIN users u ON u.user_key = m.user_key AND u.active = 1 AND u.held_by IS NULL
  CROSS JOIN withdrawn w CROSS JOIN enrolments e ON e.company_key = v.c AND e.person_key = coalesce(u.email_key, 'user:' || u.id)
    AND e.kind = w.kind AND e.item_id = w.item_id AND ${rawSql(OPEN_ENROLMENT)}
  WHERE NOT EXISTS (SELECT 1 FROM (SELECT u.user_key AS k, u.held_by AS h UNION SELECT o.user_key, o.held_by FROM users o
      WHERE o.company_key = v.c AND o.email_key = u.email_key AND o.active = 1) p
    CROSS JOIN target_group_members t ON t.user_key = p.k CROSS JOIN auto_enrolments a ON a.company_key = v.c
      AND a.target_group_key = t.target_group_key AND a.kind = e.kind AND a.item_id = e.item_id
    WHERE NOT (t.target_group_key = v.source AND t.kind = 'idp' AND t.source_key = v.g
      AND t.held_version IS NULL AND p.h IS NULL)) GROUP BY 1, 2`;
}

/** Names a move for the count of what it withdraws. */
export function mirrorMoveKey({ groupKey, from, to }: MirrorMove): string {
  return `${groupKey} ${from} ${to}`;
}

function moveOf(key: string): MirrorMove {
  const [groupKey = 0, from = 0, to = 0] = key.split(" ").map(Number);
  return { groupKey, from, to };
}
