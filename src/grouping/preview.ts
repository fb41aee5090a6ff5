import { compileMappings, deriveUser } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import type { Database } from "../platform/database.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import { listFields } from "../settings/field-store.ts";
import type { FieldMapping, GroupSettings, GroupSettingsInput, Setting } from "../settings/setting.ts";
import { type Mirror, planGroups } from "./plan-groups.ts";

/** One person who would join or leave a target group. */
export interface PreviewedChange {
  userId: string;
  userName: string;
  groupName: string;
  action: "join" | "leave";
}

/** What a change of mapping and grouping would do: the counts of all, and one page of them. */
export interface Preview {
  joins: number;
  leaves: number;
  changes: PreviewedChange[];
  nextCursor: string | null;
}

/** A proposed mapping (complete) and grouping. */
export interface Proposal {
  mappings: FieldMapping[];
  groupSettings: GroupSettingsInput;
}

/** Users read at a time. */
const CHUNK = 1_000;

interface Row {
  user_key: number;
  id: string;
  user_name: string;
  active: number;
  document: string;
  held: string;
  groups: string;
}

/** Names of target groups by key; names that have no group yet get keys of their own, below zero. */
class GroupNames {
  readonly #names = new Map<number, string>();
  readonly #keys = new Map<string, number>();

  constructor(rows: readonly { target_group_key: number; name: string }[]) {
    for (const row of rows) {
      this.#names.set(row.target_group_key, row.name);
      this.#keys.set(foldKey(row.name), row.target_group_key);
    }
  }

  keyOf(name: string): number {
    const known = this.#keys.get(foldKey(name));
    if (known !== undefined) return known;
    const key = -1 - this.#keys.size;
    this.#keys.set(foldKey(name), key);
    this.#names.set(key, name.trim());
    return key;
  }

  nameOf(key: number): string {
    return this.#names.get(key) ?? "";
  }
}

/**
 * Who would join and leave which target group if a setting's mapping and grouping were changed, by the plan that the
 * writer itself applies. Nothing is written. The cursor counts changes.
 */
export async function previewRegrouping(
  database: Database,
  companyKey: number,
  setting: Setting,
  proposal: Proposal,
  page: { limit: number; cursor: string | null },
): Promise<Preview> {
  const { d1 } = database;
  const { results: rows } = await d1
    .prepare("SELECT target_group_key, id, name FROM target_groups WHERE company_key = ?")
    .bind(companyKey)
    .all<{ target_group_key: number; id: string; name: string }>();
  const names = new GroupNames(rows);
  const plan: Plan = {
    setting,
    names,
    settings: settle(proposal.groupSettings, rows, names),
    mappings: compileMappings(proposal.mappings, await listFields(database, companyKey)),
  };
  const offset = Number(page.cursor ?? 0) || 0;
  const preview: Preview = { joins: 0, leaves: 0, changes: [], nextCursor: null };
  let index = 0;
  for await (const change of changesOf(d1, plan)) {
    preview[change.action === "join" ? "joins" : "leaves"] += 1;
    if (index >= offset && index < offset + page.limit) preview.changes.push(change);
    index += 1;
  }
  if (index > offset + page.limit) preview.nextCursor = String(offset + page.limit);
  return preview;
}

interface Plan {
  setting: Setting;
  names: GroupNames;
  settings: GroupSettings;
  mappings: ReturnType<typeof compileMappings>;
}

function settle(
  input: GroupSettingsInput,
  targets: readonly { target_group_key: number; id: string }[],
  names: GroupNames,
): GroupSettings {
  const byId = targets.find(({ id }) => id === input.targetGroupId)?.target_group_key ?? null;
  return {
    targetGroupKey: input.targetGroupName === undefined ? byId : names.keyOf(input.targetGroupName),
    targetGroupScope: input.targetGroupScope ?? "everyone",
    criteria: input.criteria,
    field: input.criteria === "field" ? (input.field ?? null) : null,
  };
}

async function* changesOf(d1: D1Database, plan: Plan): AsyncGenerator<PreviewedChange> {
  const first = Math.floor(plan.setting.key / KEY_SPAN) * KEY_SPAN;
  let after = first;
  for (;;) {
    const { results } = await d1
      .prepare(
        `SELECT u.user_key, u.id, u.user_name, u.active, u.document,
          (SELECT json_group_array(json_array(t.target_group_key, t.setting_key)) FROM target_group_members t WHERE t.user_key = u.user_key) AS held,
          (SELECT json_group_array(json_array(g.group_key, g.display_name, g.target_group_key)) FROM group_members m
            CROSS JOIN groups g ON g.group_key = m.group_key WHERE m.user_key = u.user_key) AS groups
        FROM users u WHERE u.user_key > ? AND u.user_key < ? AND +u.setting_key = ? ORDER BY u.user_key LIMIT ${CHUNK}`,
      )
      // By their own keys and not by the setting, of which SQLite would read and sort all people for each chunk.
      .bind(after, first + KEY_SPAN, plan.setting.key)
      .all<Row>();
    for (const row of results) yield* changesOfUser(row, plan);
    const last = results.at(-1);
    if (last === undefined || results.length < CHUNK) return;
    after = last.user_key;
  }
}

function* changesOfUser(row: Row, { setting, names, settings, mappings }: Plan): Generator<PreviewedChange> {
  const derived = deriveUser(JSON.parse(row.document), mappings);
  const held = JSON.parse(row.held) as [number, number][]; // built by the query above
  const groups = JSON.parse(row.groups) as [number, string, number | null][]; // likewise
  const mirrors: Mirror[] = groups.map(([groupKey, groupName, targetGroupKey]) => ({
    groupKey,
    groupName,
    targetGroupKey: targetGroupKey ?? names.keyOf(groupName),
  }));
  // Only the mapped fields of the user are read.
  const fields = fieldsOf(derived as User);
  const planned = planGroups({ active: row.active === 1, fields }, settings, mirrors);
  const wanted = new Set(planned.map(({ target }) => ("key" in target ? target.key : names.keyOf(target.name))));
  const before = new Set(held.map(([key]) => key));
  const kept = new Set(held.filter(([, settingKey]) => settingKey !== setting.key).map(([key]) => key));
  const about = { userId: row.id, userName: row.user_name };
  for (const key of wanted) if (!before.has(key)) yield { ...about, groupName: names.nameOf(key), action: "join" };
  for (const key of before)
    if (!wanted.has(key) && !kept.has(key)) yield { ...about, groupName: names.nameOf(key), action: "leave" };
}
