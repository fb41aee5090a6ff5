import { foldKey } from "../directory/fold-key.ts";
import { nameAskedBy, withoutName } from "../log/drop-name-nobody-bears.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { rawSql, sql } from "../platform/sql.ts";
import { namesInLog } from "./erase-person-traces.ts";
import { listOf } from "./packed-lists.ts";
import { type Ref, refOf, splitRef } from "./resource-references.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/** The name that a row asks by, in its setting; null where there is none to look for. */
function askedIn({ config }: UnitOfWork, entry: LogEntry): Ref | null {
  const setting = config.settings.get(entry.settingId);
  const name = setting === undefined ? null : nameAskedBy(entry);
  return setting === undefined || name === null ? null : refOf(setting.key, name);
}

/** Foresees that it will matter whether anybody bears the names that requests asked by. */
export function foreseeBearers(unit: UnitOfWork, entries: readonly LogEntry[]): void {
  for (const entry of entries) {
    const asked = askedIn(unit, entry);
    if (asked !== null) unit.bearers.want(asked);
  }
}

/** Whether it is known of each such name, without a look, that somebody bears it, or is about to. */
export function areBearersKnown(unit: UnitOfWork, entries: readonly LogEntry[]): boolean {
  return entries.every((entry) => {
    const asked = askedIn(unit, entry);
    if (asked === null || unit.bearers.knows(asked) || isNamed(unit, asked)) return true;
    // Whoever is to be created by a name bears it then.
    return unit.userNames.wanted.has(foldedIn(asked));
  });
}

function foldedIn(asked: Ref): Ref {
  const [settingKey, name] = splitRef(asked);
  return refOf(settingKey, foldKey(name));
}

/** Whether a user or a group of that name is among the rows that are known. */
function isNamed({ userNames, groupNames }: UnitOfWork, asked: Ref): boolean {
  const folded = foldedIn(asked);
  return [userNames, groupNames].some((names) => names.knows(folded) && names.get(folded) !== undefined);
}

/**
 * Which of such names a user or a group of the setting bears, each by one look into an index. These are fewer than an erasure
 * finds rows by (`namesOfPerson`), never others: a user's displayName has no index, so that a row that asks by it goes without,
 * and an id is no name that is asked for here.
 */
export function readBearers({ bearers }: UnitOfWork): Query[] {
  const rows = [...bearers.wanted].map((asked) => {
    const [settingKey, name] = splitRef(asked);
    return [settingKey, name, foldKey(name), asked];
  });
  const list = listOf(rows);
  if (list === null) return [];
  const bornBy = [
    "users b WHERE b.setting_key = n.s AND b.user_name_key = n.folded",
    "users b WHERE b.setting_key = n.s AND b.external_id = n.name",
    "user_emails b WHERE b.setting_key = n.s AND b.value_key = n.folded",
    "groups b WHERE b.setting_key = n.s AND b.display_name_key = n.folded",
    "groups b WHERE b.setting_key = n.s AND b.external_id = n.name",
  ];
  const isBorne = rawSql(bornBy.map((bearer) => `EXISTS (SELECT 1 FROM ${bearer})`).join(" OR "));
  return [
    {
      ...sql`SELECT n.asked FROM (SELECT j.value->>0 AS s, j.value->>1 AS name, j.value->>2 AS folded, j.value->>3 AS asked
        FROM ${list}) n WHERE ${isBorne}`,
      receive: (found) => {
        for (const { asked } of found) bearers.load(String(asked), true);
        bearers.endLoad();
      },
    },
  ];
}

/**
 * A row with the name that it asks by only where somebody here bears that name, until a moment ago or from this commit on:
 * an erasure finds rows by the names of people, and would not find a name that is nobody's, or a text around one.
 */
export function keepBorneName(entry: LogEntry, unit: UnitOfWork): LogEntry {
  const asked = askedIn(unit, entry);
  if (asked === null) return entry;
  const isBorne = (unit.bearers.knows(asked) && unit.bearers.get(asked) === true) || isNamed(unit, asked);
  return isBorne || isOfThisMoment(unit, asked) ? entry : withoutName(entry);
}

function isOfThisMoment({ users, groups, documents, formerNames, now }: UnitOfWork, asked: Ref): boolean {
  const [settingKey, name] = splitRef(asked);
  const folded = foldKey(name);
  if (formerNames.has(refOf(settingKey, folded), now)) return true;
  const isUsers = users.differences().some(({ key, before, after }) => {
    if ((after ?? before)?.settingKey !== settingKey) return false;
    const known = documents.knows(key);
    const ofBefore = before === undefined ? null : namesInLog(before, known ? documents.before(key) : undefined);
    const ofAfter = after === undefined ? null : namesInLog(after, known ? documents.get(key) : undefined);
    return ofBefore?.has(folded) === true || ofAfter?.has(folded) === true;
  });
  const isGroups = ({ after }: ReturnType<typeof groups.differences>[number]) =>
    after?.settingKey === settingKey && after.displayNameKey === folded;
  return isUsers || groups.differences().some(isGroups);
}
