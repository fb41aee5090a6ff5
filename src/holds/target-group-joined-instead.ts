import { columnOfField } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import { isGroupName } from "../settings/target-group-name.ts";

const STANDARD = joinSql(
  STANDARD_FIELDS.flatMap(({ key }) => {
    const column = columnOfField(key);
    return column === null ? [] : [sql`WHEN ${key} THEN ${rawSql(`u.${column}`)}`];
  }),
  " ",
);

/**
 * Members of a json_object that tell where the user `u` comes to when it leaves the target group of its reason `m`: its value of
 * the field today, or the target group of its IdP group today, or that for those whom the criteria give none.
 */
export const JOINED_INSTEAD: Sql = sql`
  'value', CASE m.kind WHEN 'field' THEN CASE m.detail ${STANDARD} END
    WHEN 'idp' THEN (SELECT y.name FROM groups g CROSS JOIN group_members x ON x.group_key = g.group_key AND x.user_key = u.user_key
      CROSS JOIN target_groups y ON y.target_group_key = g.target_group_key WHERE g.group_key = m.source_key) END,
  'custom', CASE m.kind WHEN 'field' THEN u.custom_fields -> ('$."' || m.detail || '"') END,
  'fallback', CASE m.kind WHEN 'field' THEN (SELECT y.name FROM scim_settings z CROSS JOIN target_groups y
    ON y.target_group_key = z.target_group_key WHERE z.setting_key = m.setting_key AND z.target_group_scope = 'ungrouped') END`;

/** These members as read. */
export interface JoinedInsteadRow {
  value: string | null;
  /** JSON of a value of a company's own field. */
  custom: string | null;
  fallback: string | null;
}

/** The name of the target group that somebody comes to instead, or null for none. */
export function readJoinedInstead({ value, custom, fallback }: JoinedInsteadRow): string | null {
  const name = groupNameOf(value ?? (custom === null ? null : JSON.parse(custom)));
  return name !== "" && isGroupName(name) ? name : fallback;
}
