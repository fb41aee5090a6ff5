import { type Sql, sql } from "../platform/sql.ts";
import { enterpriseSchema } from "../scim/schema/enterprise-schema.ts";
import { clippedDisplay } from "./clip-display-name.ts";

/** The resource types of RFC 7643 that this directory keeps. */
export type ResourceName = "User" | "Group";

/** Where a resource type's rows lie, as pieces of SQL; everything else about the two types is shared. */
interface ResourceTable {
  /** The table with the alias that compiled filters use. */
  from: Sql;
  alias: "u" | "g";
  /** The row's integer key. Keys are unique over both tables (see the migration's first lines). */
  key: Sql;
  /** What is tied to the resource of a row: its groups as one JSON text, or else the rows tied to the resources of `page`. */
  related: { inline: string } | { ofPage: string };
  /** The list of the extensions in a row's document, as text; empty where the row does not say. */
  extensions: string;
  /** How many bytes a row's document takes in an answer, and what is tied to it, by what is stored. */
  size: { document: string; related: string };
}

/** What one group of a user, or one member of a group, takes in an answer (bytes), its name and address included. */
const TIED = 300;

/** The name a member is shown by: its displayName, or its userName when it has none. */
const DISPLAY_OF_USER = clippedDisplay("coalesce(x.display_name, x.user_name)");
const DISPLAY_OF_GROUP = clippedDisplay("x.display_name");

// A user's groups are few, and fit the row: a statement less for every look-up.
const USER_RELATED = `(SELECT json_group_array(json_object('value', x.id, 'display', ${DISPLAY_OF_GROUP}, 'type', 'direct'))
FROM group_members m CROSS JOIN groups x ON x.group_key = m.group_key WHERE m.user_key = u.user_key)`;

// A group's members may be many. CROSS JOIN keeps SQLite from reading a whole table of memberships before it looks at the page.
const GROUP_RELATED = `SELECT p.row_key, x.id AS value, ${DISPLAY_OF_USER} AS display, 'User' AS type
FROM page p CROSS JOIN group_members m ON m.group_key = p.row_key JOIN users x ON x.user_key = m.user_key
UNION ALL
SELECT p.row_key, x.id AS value, ${DISPLAY_OF_GROUP} AS display, 'Group' AS type
FROM page p CROSS JOIN group_subgroups m ON m.group_key = p.row_key JOIN groups x ON x.group_key = m.subgroup_key`;

/** The list of the extensions in the document of nearly every user: it is not written out in each row. */
export const ONLY_ENTERPRISE = JSON.stringify([enterpriseSchema.id]);

/** The two resource types as data. */
export const RESOURCE_TABLES: Record<ResourceName, ResourceTable> = {
  User: {
    from: sql`users u`,
    alias: "u",
    key: sql`u.user_key`,
    related: { inline: USER_RELATED },
    extensions: `coalesce(u.extensions, CASE u.is_enterprise WHEN 1 THEN '${ONLY_ENTERPRISE}' END, '')`,
    size: {
      document: "octet_length(u.document)",
      related: `${TIED} * (SELECT count(*) FROM group_members m WHERE m.user_key = u.user_key)`,
    },
  },
  Group: {
    from: sql`groups g`,
    alias: "g",
    key: sql`g.group_key`,
    related: { ofPage: GROUP_RELATED },
    extensions: "coalesce(g.extensions, '')",
    size: { document: "octet_length(g.document)", related: `${TIED} * g.member_count` },
  },
};
