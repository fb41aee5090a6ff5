import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { printPath } from "../scim/schema/attribute-name.ts";
import type { FilterContext } from "./attribute-source.ts";
import { foldKey, formerKey, keysOf } from "./fold-key.ts";
import type { ResourceName } from "./resource-tables.ts";

/** A condition that an index answers. */
export interface IndexedCondition {
  condition: Sql;
  /** It holds exactly when the comparison does; otherwise the comparison must be tested on what it leaves. */
  exact: boolean;
  /** How many resources of a setting it finds: one at most, few (those that share a name), or any number. */
  finds: "one" | "few" | "many";
  /** The row is found by an index of the setting, or by its key. */
  by: "column" | "key";
}

type Make = (value: string, context: FilterContext) => IndexedCondition;

/** Equality comparisons that an index answers, by the canonical spelling of their path. */
const INDEXED: Record<ResourceName, Record<string, Make>> = {
  User: {
    id: (value) => unique(sql`u.id = ${value}`),
    userName: (value, { settingKey }) =>
      unique(sql`u.user_name_key = ${storedKey("users", "user_name_key", settingKey, value)}`),
    externalId: (value) => byColumn(sql`(u.external_id = ${value} AND u.external_id IS NOT NULL)`),
    "emails.value": (value, { settingKey }) =>
      byKey(
        sql`u.user_key IN (SELECT user_key FROM user_emails
      WHERE setting_key = ${settingKey} AND value_key IN (${joinSql(
        keysOf(value).map((key) => sql`${key}`),
        ", ",
      )}))`,
        { exact: false, finds: "few" },
      ),
    "groups.value": (value, { settingKey }) =>
      byKey(
        sql`u.user_key IN (SELECT user_key FROM group_members
      WHERE group_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value}))`,
        { exact: true, finds: "many" },
      ),
  },
  Group: {
    id: (value) => unique(sql`g.id = ${value}`),
    displayName: (value, { settingKey }) =>
      unique(sql`g.display_name_key = ${storedKey("groups", "display_name_key", settingKey, value)}`),
    externalId: (value) => byColumn(sql`(g.external_id = ${value} AND g.external_id IS NOT NULL)`),
    "members.value": (value, { settingKey }) =>
      byKey(
        sql`g.group_key IN (
      SELECT group_key FROM group_members
      WHERE user_key = (SELECT user_key FROM users WHERE setting_key = ${settingKey} AND id = ${value})
      UNION ALL SELECT group_key FROM group_subgroups
      WHERE subgroup_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value}))`,
        { exact: true, finds: "many" },
      ),
  },
};

/**
 * The key under which a name is stored, if it is. A row that has not been brought along yet has that of the rule of before;
 * whoever has exactly that is meant before one that has the name by the present rule.
 */
function storedKey(table: "users" | "groups", column: string, settingKey: number, name: string): Sql {
  const key = foldKey(name);
  const former = formerKey(name);
  if (former === null) return sql`${key}`;
  const nameKey = rawSql(`n.${column}`);
  return sql`coalesce((SELECT ${nameKey} FROM ${rawSql(table)} n WHERE n.setting_key = ${settingKey} AND ${nameKey} = ${former}), ${key})`;
}

/** The indexed condition of a comparison, or null when no index answers it. */
export function indexedCondition(context: FilterContext, filter: Filter): IndexedCondition | null {
  if (filter.kind !== "compare" || filter.operator !== "eq" || typeof filter.value !== "string") return null;
  return INDEXED[context.type][printPath(filter.path)]?.(filter.value, context) ?? null;
}

/** Whether a filter can match one resource of a setting at most, by a unique index. */
export function matchesOneAtMost(context: FilterContext, filter: Filter): boolean {
  return narrowings(context, filter).some(({ finds }) => finds === "one");
}

/** Whether a filter can match no more resources than those that share a name which is meant to be one's own. */
export function matchesFew(context: FilterContext, filter: Filter): boolean {
  return narrowings(context, filter).some(({ finds }) => finds !== "many");
}

/** How an index narrows a filter's matches, or null when all of a setting's resources must be tested. */
export function narrowedBy(context: FilterContext, filter: Filter): "column" | "key" | null {
  const found = narrowings(context, filter);
  return found.find(({ by }) => by === "column")?.by ?? found[0]?.by ?? null;
}

/** The indexed conditions that everything a filter matches must meet. */
function narrowings(context: FilterContext, filter: Filter): IndexedCondition[] {
  if (filter.kind === "and") return [...narrowings(context, filter.left), ...narrowings(context, filter.right)];
  if (filter.kind === "valuePath") return narrowings(context, filter.filter);
  const indexed = indexedCondition(context, filter);
  return indexed === null ? [] : [indexed];
}

function unique(condition: Sql): IndexedCondition {
  return { condition, exact: true, finds: "one", by: "column" };
}

function byColumn(condition: Sql): IndexedCondition {
  return { condition, exact: true, finds: "few", by: "column" };
}

function byKey(condition: Sql, { exact, finds }: Pick<IndexedCondition, "exact" | "finds">): IndexedCondition {
  return { condition, exact, finds, by: "key" };
}
