import type { Bounds } from "../companies/split-long-reads.ts";
import { keysOf } from "../directory/fold-key.ts";
import { targetGroups, users } from "../directory/tables.ts";
import { fieldsOf } from "../directory/user.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import { GroupNames } from "../grouping/preview-moves.ts";
import type { HeldUser, Release } from "../holds/plan-release.ts";
import { columnsOf } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Read, selectAll, selectFirst, selectValue, together } from "../platform/read-batch.ts";
import { literal, type Sql, sql, unionOf } from "../platform/sql.ts";
import type { GroupSettings } from "../settings/setting.ts";
import { scimSettings } from "../settings/tables.ts";
import { type EnrolledPerson, selectItemsOf, selectPersons } from "./previewed-persons-store.ts";

/** A user of a person of whom something may wait. */
export interface KeyedHeldUser extends HeldUser {
  userKey: number;
  userId: string;
  settingKey: number;
}

/** The setting of a hold, as far as it rules who is in which target group. */
export interface Ruling {
  settingKey: number;
  isLive: boolean;
  groupSettings: GroupSettings;
}

/** Persons of whom something waits in a hold, with the setting whose identity provider it stopped. */
export interface HeldPersons {
  ruling: Ruling | null;
  persons: EnrolledPerson<KeyedHeldUser>[];
}

const RULING = columnsOf(scimSettings, "s", [
  ...(["key", "status", "targetGroupKey", "targetGroupScope", "criteria", "criteriaField"] as const),
]);
const USER = columnsOf(users, "u", [
  ...(["key", "id", "settingKey", "active", "heldBy", "heldVersion", "heldAs"] as const),
  ...(["email", "firstName", "lastName", "department", "phoneNumber"] as const),
]);
const NAMED = columnsOf(targetGroups, "t", ["key", "name", "nameKey"]);

const REASONS = sql`(SELECT json_group_array(json_object('targetGroupKey', m.target_group_key, 'kind', m.kind,
    'settingKey', m.setting_key, 'sourceKey', m.source_key, 'detail', m.detail, 'heldBy', m.held_by, 'heldVersion', m.held_version))
  FROM target_group_members m WHERE m.user_key = u.user_key)`;
/** Of a company's own fields the one that its setting groups by: all of them may be long. */
const OWN_FIELD = sql`coalesce((SELECT json_object(s.criteria_field, u.custom_fields -> ('$."' || s.criteria_field || '"'))
  FROM scim_settings s WHERE s.setting_key = u.setting_key
    AND json_type(u.custom_fields, '$."' || s.criteria_field || '"') IS NOT NULL), '{}')`;
/** Which IdP groups somebody is in is asked only where they are mirrored. */
const MIRRORS = sql`CASE (SELECT s.criteria FROM scim_settings s WHERE s.setting_key = u.setting_key) WHEN 'idp'
  THEN (SELECT json_group_array(json_object('groupKey', g.group_key, 'groupName', g.display_name, 'targetGroupKey', g.target_group_key))
    FROM group_members x CROSS JOIN groups g ON g.group_key = x.group_key
    WHERE x.user_key = u.user_key AND g.target_group_key IS NOT NULL) ELSE '[]' END`;

/** Reads the persons of users whose keys a statement gives as `k`, as the release of a hold is planned for them. */
export function selectHeldPersons(holdKey: number, keys: Sql): Read<HeldPersons> {
  const ruling = sql`SELECT ${RULING.list} FROM holds h CROSS JOIN scim_settings s ON s.setting_key = h.setting_key
    WHERE h.hold_key = ${holdKey}`;
  return together({
    ruling: selectFirst(ruling, (row) => {
      const { key, status, criteriaField, ...groupSettings } = RULING.read(row);
      return {
        settingKey: key,
        isLive: status !== "deleted",
        groupSettings: { ...groupSettings, field: criteriaField },
      };
    }),
    persons: selectPersons(
      keys,
      { columns: sql`${USER.list}, ${OWN_FIELD} AS ownField, ${REASONS} AS reasons, ${MIRRORS} AS mirrors` },
      (row) => {
        const { key, id, settingKey, active, heldBy, heldVersion, heldAs, ...fields } = USER.read(row);
        const { ownField, reasons, mirrors } = row as { ownField: string; reasons: string; mirrors: string }; // JSON, by the statement above
        return {
          ...{ userKey: key, userId: id, settingKey, active, heldBy, heldVersion, heldAs },
          fields: fieldsOf({ ...fields, customFields: JSON.parse(ownField) }),
          reasons: JSON.parse(reasons),
          mirrors: JSON.parse(mirrors),
        };
      },
    ),
  });
}

/** Reads the same of the next of those who wait in a hold, as many as the bounds allow; `edge` is the last one's key, or null. */
export function selectNextHeldPersons(
  release: Release,
  after: number,
  bounds: Bounds,
): Read<HeldPersons & { edge: number | null }> {
  const span = sql`SELECT k FROM (${sizedAfter(release, after, bounds)}) WHERE nth = 1 OR size <= ${literal(bounds.bytes)}`;
  const edge = sql`SELECT CASE WHEN count(*) = ${literal(bounds.rows)} OR max(k) > max(iif(nth = 1 OR size <= ${literal(bounds.bytes)}, k, NULL))
      THEN max(iif(nth = 1 OR size <= ${literal(bounds.bytes)}, k, NULL)) END FROM (${sizedAfter(release, after, bounds)})`;
  const read = together({ held: selectHeldPersons(release.holdKey, span), edge: selectValue<number>(edge) });
  return {
    ...read,
    decode: (results) => {
      const { held, edge } = read.decode(results);
      return { ...held, edge };
    },
  };
}

/** What one membership of somebody comes to as text, in bytes, with room for a name. */
const WEIGHT = literal(250);

/** The next users of whom something waits, in the order of two indexes, with how much there is to read of all up to each. */
function sizedAfter({ holdKey, version }: Release, after: number, { rows }: Bounds): Sql {
  const near = sql`SELECT m.user_key AS k FROM target_group_members m INDEXED BY held_members
      WHERE m.held_by = ${holdKey} AND m.held_version <= ${version} AND m.user_key > ${after}
    UNION SELECT o.user_key FROM users o INDEXED BY held_users
      WHERE o.held_by = ${holdKey} AND o.held_version <= ${version} AND o.user_key > ${after} ORDER BY k LIMIT ${literal(rows)}`;
  const size = sql`octet_length(u.custom_fields) + ${WEIGHT} * (SELECT count(*) FROM target_group_members m WHERE m.user_key = n.k)
    + ${WEIGHT} * (SELECT count(*) FROM group_members x WHERE x.user_key = n.k)`;
  return sql`SELECT n.k, sum(${size}) OVER (ORDER BY n.k ROWS UNBOUNDED PRECEDING) AS size, row_number() OVER (ORDER BY n.k) AS nth
    FROM (${near}) n CROSS JOIN users u ON u.user_key = n.k`;
}

/** Target groups that a plan may put people into, or leave them in. */
interface InPlay {
  /** Names that values give. */
  names: ReadonlySet<string>;
  /** Keys of those that people are in by a value, which may have lost their names. */
  byField: ReadonlySet<number>;
  /** Keys of all that people are in, or are to be in. */
  keys: ReadonlySet<number>;
}

/** Reads which target groups of a company bear some names, and what those in play enrol their members in. */
export function selectGroupsInPlay(
  companyKey: number,
  { names, byField, keys }: InPlay,
): Read<{ names: GroupNames; items: Map<number, AutoEnrolment[]> }> {
  const valuesIn = (values: readonly (string | number)[]) =>
    packJson(values).map((text) => sql`SELECT value AS v FROM json_each(${text})`);
  const named = valuesIn([...names].flatMap(keysOf)).map(
    (list) => sql`SELECT t.target_group_key AS k FROM (${list}) n CROSS JOIN target_groups t
      ON t.company_key = ${companyKey} AND t.name_key = n.v`,
  );
  const keyed = (some: ReadonlySet<number>) => valuesIn([...some]).map((list) => sql`SELECT v AS k FROM (${list})`);
  const found = [...named, ...keyed(byField)];
  const inPlay = [...named, ...keyed(keys)];
  const read = together({
    named: found.length === 0 ? NOBODY : selectAll(groupsBy(unionOf(found)), NAMED.read),
    items: selectItemsOf(companyKey, inPlay.length === 0 ? sql`SELECT NULL AS k` : unionOf(inPlay)),
  });
  return {
    ...read,
    decode: (results) => {
      const { named, items } = read.decode(results);
      return { names: new GroupNames(named), items };
    },
  };
}

const NOBODY: Read<ReturnType<typeof NAMED.read>[]> = { statements: [], decode: () => [] };

function groupsBy(keys: Sql): Sql {
  return sql`SELECT ${NAMED.list} FROM (${keys}) j CROSS JOIN target_groups t ON t.target_group_key = j.k`;
}
