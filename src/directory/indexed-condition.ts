import { bindEach, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { printPath, type ResolvedPath } from "../scim/schema/attribute-name.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { FilterContext } from "./attribute-source.ts";
import { foldKey, formerKey, keysOf } from "./fold-key.ts";
import type { ResourceName } from "./resource-tables.ts";

/** A condition that an index answers; how it is compiled, since most who ask want to know how much it finds. */
export interface IndexedCondition {
  condition(): Sql;
  /** It holds exactly when the comparison does; otherwise the comparison must be tested on what it leaves. */
  exact: boolean;
  /** How many resources of a setting it finds: one at most, few (those that share a name), or any number. */
  finds: "one" | "few" | "many";
  /** The row is found by an index of the setting, or by its key. */
  by: "column" | "key";
  /** Selects the keys of the rows that it finds, where these may be many. */
  candidateKeys?(): Sql;
}

type Make = (value: string, context: FilterContext) => IndexedCondition;

/** Equality comparisons that an index answers, by the canonical spelling of their path. */
const INDEXED: Record<ResourceName, Record<string, Make>> = {
  User: {
    id: (value) => unique(() => sql`u.id = ${value}`),
    userName: (value, { settingKey }) =>
      unique(() => sql`u.user_name_key = ${storedKey("users", "user_name_key", settingKey, value)}`),
    externalId: (value) => byColumn(() => sql`(u.external_id = ${value} AND u.external_id IS NOT NULL)`),
    "emails.value": (value, { settingKey }) =>
      byEmail(
        () => sql`u.user_key IN (SELECT user_key FROM user_emails
      WHERE setting_key = ${settingKey} AND value_key IN (${bindEach(keysOf(value))}))`,
      ),
    "groups.value": (value, { settingKey }) => {
      const group = sql`m.group_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value})`;
      return byCandidateKeys(
        () => sql`EXISTS (SELECT 1 FROM group_members m WHERE ${group} AND m.user_key = u.user_key)`,
        () => sql`SELECT m.user_key FROM group_members m WHERE ${group}`,
      );
    },
  },
  Group: {
    id: (value) => unique(() => sql`g.id = ${value}`),
    displayName: (value, { settingKey }) =>
      unique(() => sql`g.display_name_key = ${storedKey("groups", "display_name_key", settingKey, value)}`),
    externalId: (value) => byColumn(() => sql`(g.external_id = ${value} AND g.external_id IS NOT NULL)`),
    "members.value": (value, { settingKey }) => {
      const user = sql`m.user_key = (SELECT user_key FROM users WHERE setting_key = ${settingKey} AND id = ${value})`;
      const group = sql`m.subgroup_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value})`;
      return byCandidateKeys(
        () => sql`(EXISTS (SELECT 1 FROM group_members m WHERE ${user} AND m.group_key = g.group_key)
          OR EXISTS (SELECT 1 FROM group_subgroups m WHERE ${group} AND m.group_key = g.group_key))`,
        () => sql`SELECT m.group_key FROM group_members m WHERE ${user}
          UNION ALL SELECT m.group_key FROM group_subgroups m WHERE ${group}`,
      );
    },
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

/** The paths whose `eq` an index answers, by type, in their canonical spelling. */
export function indexedPaths(type: ResourceName): string[] {
  return Object.keys(INDEXED[type]);
}

/** The indexed condition of a comparison, or null when no index answers it. */
export function indexedCondition(context: FilterContext, filter: Filter): IndexedCondition | null {
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.value === null) return null;
  // In a query across types: what a type has no attribute for equals nothing there.
  if (lacks(context.type, filter.path)) return NONE;
  if (typeof filter.value !== "string") return null;
  return INDEXED[context.type][printPath(filter.path)]?.(filter.value, context) ?? null;
}

const NONE: IndexedCondition = { condition: () => rawSql("FALSE"), exact: true, finds: "one", by: "column" };

function lacks(type: ResourceName, { extension, attribute }: ResolvedPath): boolean {
  if (extension !== undefined) return false;
  const located = resourceTypes()[type].names.get(attribute.key);
  return located === undefined || located.extension !== undefined;
}

/** Whether a filter can match one resource of a setting at most, by a unique index. */
export function matchesOneAtMost(context: FilterContext, filter: Filter): boolean {
  return narrowings(context, filter).some(({ finds }) => finds === "one");
}

/** Whether a filter can match no more resources than those that share a name which is meant to be one's own. */
export function matchesFew(context: FilterContext, filter: Filter): boolean {
  return narrowings(context, filter).some(({ finds }) => finds !== "many");
}

/** Selects the keys of all that a filter can match, where these may be many; null when no index leads to them. */
export function candidateKeysOf(context: FilterContext, filter: Filter): Sql | null {
  return (
    narrowings(context, filter)
      .find(({ candidateKeys }) => candidateKeys !== undefined)
      ?.candidateKeys?.() ?? null
  );
}

/** How an index narrows a filter's matches to few, or null when it does not. */
export function narrowedBy(context: FilterContext, filter: Filter): "column" | "key" | null {
  const found = narrowings(context, filter).filter(({ finds }) => finds !== "many");
  return found.find(({ by }) => by === "column")?.by ?? found[0]?.by ?? null;
}

/** The indexed conditions that everything a filter matches must meet. */
function narrowings(context: FilterContext, filter: Filter): IndexedCondition[] {
  if (filter.kind === "and") return [...narrowings(context, filter.left), ...narrowings(context, filter.right)];
  if (filter.kind === "valuePath") return narrowings(context, filter.filter);
  const indexed = indexedCondition(context, filter);
  return indexed === null ? [] : [indexed];
}

function unique(condition: () => Sql): IndexedCondition {
  return { condition, exact: true, finds: "one", by: "column" };
}

function byColumn(condition: () => Sql): IndexedCondition {
  return { condition, exact: true, finds: "few", by: "column" };
}

function byEmail(condition: () => Sql): IndexedCondition {
  return { condition, exact: false, finds: "few", by: "key" };
}

function byCandidateKeys(condition: () => Sql, candidateKeys: () => Sql): IndexedCondition {
  return { condition, exact: true, finds: "many", by: "key", candidateKeys };
}
