import { type Sql, sql } from "./sql.ts";

/** The resource types of RFC 7643 that this directory keeps. */
export type ResourceName = "User" | "Group";

/** Where a resource type's rows lie, as pieces of SQL; everything else about the two types is shared. */
export interface ResourceTable {
  /** The table with the alias that compiled filters use. */
  from: Sql;
  alias: "u" | "g";
  /** The row's integer key. Keys are unique over both tables (see the migration's first lines). */
  key: Sql;
  /** The rows tied to the resources of `page`: groups of users, members of groups. */
  related: Sql;
}

/** The name a member is shown by: its displayName, or its userName when it has none. */
export const DISPLAY_OF_USER = "coalesce(x.display_name, x.user_name)";

// CROSS JOIN keeps SQLite from reading a whole table of memberships before it looks at the page.
const USER_RELATED = `SELECT p.row_key, x.id AS value, x.display_name AS display, 'direct' AS type
FROM page p CROSS JOIN group_members m ON m.user_key = p.row_key JOIN groups x ON x.group_key = m.group_key`;

const GROUP_RELATED = `SELECT p.row_key, x.id AS value, ${DISPLAY_OF_USER} AS display, 'User' AS type
FROM page p CROSS JOIN group_members m ON m.group_key = p.row_key JOIN users x ON x.user_key = m.user_key
UNION ALL
SELECT p.row_key, x.id AS value, x.display_name AS display, 'Group' AS type
FROM page p CROSS JOIN group_subgroups m ON m.group_key = p.row_key JOIN groups x ON x.group_key = m.subgroup_key`;

/** The two resource types as data. */
export const RESOURCE_TABLES: Record<ResourceName, ResourceTable> = {
  User: { from: sql`users u`, alias: "u", key: sql`u.user_key`, related: { sql: USER_RELATED, params: [] } },
  Group: { from: sql`groups g`, alias: "g", key: sql`g.group_key`, related: { sql: GROUP_RELATED, params: [] } },
};
