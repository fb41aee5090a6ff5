import { printPath } from "../scim/attribute-name.ts";
import type { Filter } from "../scim/filter.ts";
import type { Scope } from "./attribute-source.ts";
import { foldKey } from "./fold-key.ts";
import type { ResourceName } from "./resource-tables.ts";
import { type Sql, sql } from "./sql.ts";

/** A condition that an index answers. */
export interface IndexedCondition {
  condition: Sql;
  /** It holds exactly when the comparison does; otherwise the comparison must be tested on what it leaves. */
  exact: boolean;
  /** It finds one resource of a setting at most. */
  unique: boolean;
}

type Make = (value: string, scope: Scope) => IndexedCondition;

/** Equality comparisons that an index answers, by the canonical spelling of their path. */
const INDEXED: Record<ResourceName, Record<string, Make>> = {
  User: {
    id: (value) => unique(sql`u.id = ${value}`),
    userName: (value) => unique(sql`u.user_name_key = ${foldKey(value)}`),
    externalId: (value) => exact(sql`(u.external_id = ${value} AND u.external_id IS NOT NULL)`),
    "emails.value": (value, { settingKey }) =>
      narrow(sql`u.user_key IN (SELECT user_key FROM user_emails
      WHERE setting_key = ${settingKey} AND value_key = ${foldKey(value)})`),
    "groups.value": (value, { settingKey }) =>
      exact(sql`u.user_key IN (SELECT user_key FROM group_members
      WHERE group_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value}))`),
  },
  Group: {
    id: (value) => unique(sql`g.id = ${value}`),
    displayName: (value) => unique(sql`g.display_name_key = ${foldKey(value)}`),
    externalId: (value) => exact(sql`(g.external_id = ${value} AND g.external_id IS NOT NULL)`),
    "members.value": (value, { settingKey }) =>
      exact(sql`g.group_key IN (
      SELECT group_key FROM group_members
      WHERE user_key = (SELECT user_key FROM users WHERE setting_key = ${settingKey} AND id = ${value})
      UNION ALL SELECT group_key FROM group_subgroups
      WHERE subgroup_key = (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${value}))`),
  },
};

/** The indexed condition of a comparison, or null when no index answers it. */
export function indexedCondition(scope: Scope, filter: Filter): IndexedCondition | null {
  if (filter.kind !== "compare" || filter.operator !== "eq" || typeof filter.value !== "string") return null;
  return INDEXED[scope.type][printPath(filter.path)]?.(filter.value, scope) ?? null;
}

/** Whether a filter can match one resource of a setting at most, by a unique index. */
export function matchesOneAtMost(scope: Scope, filter: Filter): boolean {
  if (filter.kind === "and") return matchesOneAtMost(scope, filter.left) || matchesOneAtMost(scope, filter.right);
  return indexedCondition(scope, filter)?.unique ?? false;
}

function unique(condition: Sql): IndexedCondition {
  return { condition, exact: true, unique: true };
}

function exact(condition: Sql): IndexedCondition {
  return { condition, exact: true, unique: false };
}

function narrow(condition: Sql): IndexedCondition {
  return { condition, exact: false, unique: false };
}
