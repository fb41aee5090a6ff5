import { lostNameOf } from "../directory/name-lost-by-folding.ts";
import type { NAME_KINDS } from "../directory/tables.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { Changed } from "./loaded-and-changed-rows.ts";
import { listOf } from "./packed-lists.ts";
import { refOf } from "./resource-references.ts";
import type { Reader } from "./select-referenced-users.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/** What a row may have lost its name as. */
export type NameKind = (typeof NAME_KINDS)[number];

/** Names a name that rows may wait for: within a setting, or in the company (0). */
export function lostNameKey(kind: NameKind, ownerKey: number, nameKey: string): string {
  return JSON.stringify([kind, ownerKey, nameKey]);
}

/** Reads which row waits longest for each of the names asked about: a user or a group by reference, a target group by its key. */
export function readLostNames({ unit }: Reader): Query[] {
  const wanted = listOf(Array.from(unit.lostNames.wanted, (name) => JSON.parse(name)));
  if (wanted === null) return [];
  return [
    {
      ...sql`SELECT f.kind, f.scope_key, f.name_key, f.row_key, CASE f.kind WHEN 'user' THEN (SELECT id FROM users WHERE user_key = f.row_key)
          WHEN 'group' THEN (SELECT id FROM groups WHERE group_key = f.row_key) END AS id
        FROM (SELECT l.kind, l.scope_key, l.name_key, min(l.row_key) AS row_key FROM ${wanted} CROSS JOIN lost_names l
          ON l.company_key = ${unit.config.companyKey} AND l.kind = j.value->>0
            AND l.scope_key = j.value->>1 AND l.name_key = j.value->>2
          GROUP BY 1, 2, 3) f`,
      receive: (rows) => {
        for (const { kind, scope_key, name_key, row_key, id } of rows) {
          // The column holds nothing else: only the writer fills it.
          const name = lostNameKey(String(kind) as NameKind, Number(scope_key), String(name_key));
          unit.lostNames.load(name, id === null ? String(row_key) : refOf(Number(scope_key), String(id)));
        }
        unit.lostNames.endLoad();
      },
    },
  ];
}

/** The statements that take those off the list who have a name of their own again, or are gone. */
export function planLostNames({ users, groups, targetGroups, config }: UnitOfWork): Sql[] {
  const over = [
    ...keysOver(users.differences(), ({ userNameKey }) => userNameKey),
    ...keysOver(groups.differences(), ({ displayNameKey }) => displayNameKey),
    ...keysOver(targetGroups.differences(), ({ nameKey }) => nameKey),
  ];
  if (over.length === 0) return [];
  return [
    sql`DELETE FROM lost_names WHERE company_key = ${config.companyKey}
      AND row_key IN (SELECT value FROM json_each(${JSON.stringify(over)}))`,
  ];
}

function keysOver<V extends { key: number }>(
  differences: readonly Changed<string | number, V>[],
  nameOf: (row: V) => string,
): number[] {
  return differences.flatMap(({ before, after }) => {
    const isOver = before !== undefined && (after === undefined || nameOf(after) !== nameOf(before));
    return isOver && lostNameOf(nameOf(before)) !== null ? [before.key] : [];
  });
}
