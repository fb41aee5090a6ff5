import { ENROLMENT, REASON, TARGET_GROUP } from "../directory/tables.ts";
import { columnOfField } from "../directory/user.ts";
import type { Reason, ReasonKind, TargetGroup } from "../grouping/target-group.ts";
import { columnsIn, namesOf, type RowOf } from "../platform/columns.ts";
import { rawSql, type Sql, type SqlValue, sql, unionOf } from "../platform/sql.ts";
import type { WriterSetting } from "./company-config.ts";
import type { Enrolment } from "./enrolment-and-brake-rows.ts";
import { listOf, valuesOf } from "./packed-lists.ts";
import { type Ref, refOf, splitRef } from "./resource-references.ts";
import { type Reader, usersByRef } from "./select-referenced-users.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";
import { reasonSource } from "./unit-rows.ts";

const REASONS = columnsIn(REASON, "t");
const PRESENT = columnsIn(ENROLMENT, "e");
const IN_PLAY = columnsIn(TARGET_GROUP, "t");

const OF_REASON = rawSql(`t.${namesOf(REASON).join(", t.")}`);
/** Why a user (aliased `u`) is in target groups, as one JSON text that `toReasons` reads. */
export const REASONS_COLUMN = sql`(SELECT json_group_array(json_array(${OF_REASON}))
  FROM target_group_members t WHERE t.user_key = u.user_key) AS reasons`;

/** Reads a user's reasons. */
export function toReasons(text: string): Reason[] {
  const fields = Object.keys(REASON);
  // Made by REASONS_COLUMN.
  return (JSON.parse(text) as SqlValue[][]).map((values) =>
    REASONS.read(Object.fromEntries(fields.map((field, index) => [field, values[index]]))),
  );
}

/** The enrolments of the persons in play, but for those that ended without being completed. */
export function readEnrolments({ unit, closure, withPersons }: Reader): Query[] {
  const { persons } = unit;
  if (!withPersons || (closure === null && persons.wanted.size === 0)) return [];
  const named = valuesOf([...persons.wanted]);
  const inPlay = closure ?? sql`WITH closure(k) AS (SELECT NULL WHERE 0)`;
  return [
    {
      ...sql`${inPlay}, persons(p) AS (SELECT coalesce(u.email_key, 'user:' || u.id) FROM closure c CROSS JOIN users u ON u.user_key = c.k
          UNION SELECT j.value FROM ${named} j)
        SELECT p.p, ${PRESENT.list} FROM persons p
        LEFT JOIN enrolments e ON e.company_key = ${unit.config.companyKey} AND e.person_key = p.p
          AND (e.status = 'active' OR e.progress_status = 'completed')`,
      receive: (rows) => {
        const present = new Map<string, Enrolment[]>();
        for (const row of rows) {
          const person = String(row.p);
          const list = present.get(person) ?? [];
          if (row.id !== null) list.push(PRESENT.read(row));
          present.set(person, list);
        }
        for (const [person, list] of present) unit.enrolments.load(person, list);
        persons.endLoad();
      },
    },
  ];
}

/** The target groups in play: those of the users' reasons and of their groups' mirrors, and those asked for. */
export function readTargetGroups({ unit, closure }: Reader): Query[] {
  if (unit.config.targetGroups !== null) return [];
  const { targetGroups, targetGroupNames, targetGroupIds } = unit;
  const ofClosure = closure === null ? [] : [OF_CLOSURE];
  const parts = [...askedFor(unit), ...ofClosure, ...mirrorsInPlay(unit), ...valueGroupsOf(unit)];
  const head = closure === null ? sql`WITH` : sql`${closure},`;
  return [
    {
      ...sql`${head} wanted(k) AS (${unionOf(parts)})
        SELECT ${IN_PLAY.list} FROM wanted w CROSS JOIN target_groups t ON t.target_group_key = w.k`,
      receive: (rows) => {
        for (const row of rows) {
          const group = toTargetGroup(IN_PLAY.read(row));
          targetGroups.load(group.key, group);
          targetGroupNames.load(group.nameKey, group.key);
          targetGroupIds.load(group.id, group.key);
        }
        for (const wanting of [targetGroups, targetGroupNames, targetGroupIds]) wanting.endLoad();
      },
    },
  ];
}

/** Keys of the target groups that the users in play are in. */
const OF_CLOSURE = sql`SELECT t.target_group_key FROM closure c CROSS JOIN target_group_members t ON t.user_key = c.k`;

/** Keys of the target groups that are asked for by key, name or id, and of those the settings themselves feed. */
function askedFor({ config, targetGroups, targetGroupNames, targetGroupIds }: UnitOfWork): Sql[] {
  const { companyKey, settings } = config;
  const own = [...settings.values()].flatMap(({ groupSettings: { targetGroupKey } }) => targetGroupKey ?? []);
  const keys = valuesOf([...targetGroups.wanted, ...own]);
  const names = valuesOf([...targetGroupNames.wanted]);
  const ids = valuesOf([...targetGroupIds.wanted]);
  return [
    sql`SELECT target_group_key FROM target_groups WHERE target_group_key IN ${keys}`,
    sql`SELECT target_group_key FROM target_groups WHERE company_key = ${companyKey} AND name_key IN ${names}`,
    sql`SELECT target_group_key FROM target_groups WHERE company_key = ${companyKey} AND id IN ${ids}`,
  ];
}

/** Keys of the target groups that mirror the groups in play. */
function mirrorsInPlay({ groups, groupsOf }: UnitOfWork): Sql[] {
  const named = listOf(Array.from(groups.wanted, splitRef));
  const users = usersByRef(groupsOf.wanted);
  const parts: Sql[] = [];
  if (named !== null)
    parts.push(
      sql`SELECT g.target_group_key FROM ${named} CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1`,
    );
  if (users !== null)
    parts.push(sql`SELECT g.target_group_key FROM (${users}) n
      CROSS JOIN group_members m ON m.user_key = n.k CROSS JOIN groups g ON g.group_key = m.group_key`);
  return parts;
}

/** Fields whose values are looked up ahead in one commit; more than one is rare. */
const FIELDS_AHEAD = 3;

/**
 * The target groups that the present values of users name, into which one who is reactivated goes back. SQLite folds
 * ASCII only; a name beyond it is found in a second trip.
 */
function valueGroupsOf({ config, documents }: UnitOfWork): Sql[] {
  const byField = Map.groupBy(documents.wanted, (ref) => fieldOf(config.settingsByKey.get(splitRef(ref)[0])));
  return [...byField].slice(0, FIELDS_AHEAD).flatMap(([field, refs]) => {
    const users = usersByRef(refs);
    if (field === null || users === null) return [];
    const column = columnOfField(field);
    const value = column === null ? sql`u.custom_fields->>${`$."${field}"`}` : rawSql(`u.${column}`);
    return sql`SELECT t.target_group_key FROM (${users}) n CROSS JOIN users u ON u.user_key = n.k
      CROSS JOIN target_groups t ON t.company_key = u.company_key AND t.name_key = lower(trim(${value}))`;
  });
}

/** The field by whose values a setting groups its users, or null. */
function fieldOf(setting: WriterSetting | undefined): string | null {
  return setting?.groupSettings.criteria === "field" ? setting.groupSettings.field : null;
}

/** A target group as its row has it. */
export function toTargetGroup(group: RowOf<typeof TARGET_GROUP>): TargetGroup {
  return { ...group, keptAs: group.keptAs ?? group.source };
}

/** What else feeds the target groups whose fate is to be decided. */
export function readReasonCounts({ unit }: Reader): Query[] {
  const { mirrorsOf, reasonCounts, mirrorFacts } = unit;
  const queries: Query[] = [];
  const mirrored = targetGroupsIn(unit, mirrorsOf.wanted);
  if (mirrored !== null)
    queries.push({
      ...sql`WITH asked(k) AS (${mirrored}) SELECT a.k, g.setting_key, g.id FROM asked a
        LEFT JOIN groups g ON g.company_key = ${unit.config.companyKey} AND g.target_group_key = a.k`,
      receive: (rows) => {
        const mirrors = new Map<number, Ref[]>();
        for (const { k, setting_key, id } of rows)
          mirrors.set(Number(k), [
            ...(mirrors.get(Number(k)) ?? []),
            ...(id === null ? [] : [refOf(Number(setting_key), String(id))]),
          ]);
        for (const [key, groups] of mirrors) mirrorsOf.load(key, groups);
        mirrorsOf.endLoad();
      },
    });
  const counted = targetGroupsIn(unit, reasonCounts.wanted);
  if (counted !== null)
    queries.push({
      ...sql`WITH asked(k) AS (${counted}) SELECT a.k, t.kind, t.setting_key, t.source_key, count(*) AS n FROM asked a
        LEFT JOIN target_group_members t ON t.target_group_key = a.k GROUP BY 1, 2, 3, 4`,
      receive: (rows) => {
        const counts = new Map<number, Map<string, number>>();
        for (const row of rows) {
          const sources = counts.get(Number(row.k)) ?? new Map<string, number>();
          counts.set(Number(row.k), sources);
          if (row.kind === null) continue;
          const reason = {
            kind: String(row.kind) as ReasonKind, // the column holds nothing else: only the writer fills it
            settingKey: Number(row.setting_key),
            sourceKey: Number(row.source_key),
          };
          sources.set(reasonSource(reason), Number(row.n));
        }
        for (const [key, sources] of counts) reasonCounts.load(key, sources);
        reasonCounts.endLoad();
        mirrorFacts.endLoad();
      },
    });
  return queries;
}

/** The keys, as `k`, of target groups that are asked for by key, or as the mirrors of groups; null for none. */
function targetGroupsIn({ mirrorFacts }: UnitOfWork, wanted: ReadonlySet<number>): Sql | null {
  const keys = listOf([...wanted]);
  const groups = listOf(Array.from(mirrorFacts.wanted, ({ group, newName }) => [...splitRef(group), newName]));
  const parts: Sql[] = [];
  if (keys !== null) parts.push(sql`SELECT j.value AS k FROM ${keys}`);
  if (groups !== null)
    parts.push(sql`SELECT g.target_group_key AS k FROM ${groups}
      CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1
        AND g.target_group_key IS NOT NULL AND (j.value->>2 IS NULL OR g.display_name <> j.value->>2)`);
  return parts.length === 0 ? null : unionOf(parts);
}
