import { packJson } from "../platform/pack-json.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** What a commit adds to a setting: its kept counts, when its first user, group and last request came. */
interface Addition {
  active: number;
  inactive: number;
  groups: number;
  firstUserAt: number | null;
  firstGroupAt: number | null;
  requestAt: number | null;
  /** As JSON, with the last request. */
  traffic: string | null;
}

/** The one statement that brings the counts and milestones of all settings touched up to date. */
export function planSettingRows(unit: UnitOfWork): Sql[] {
  const additions = new Additions();
  const { now } = unit;
  for (const { before, after } of unit.users.differences()) {
    if (before !== undefined) additions.of(before.settingKey)[before.active ? "active" : "inactive"] -= 1;
    if (after !== undefined) additions.of(after.settingKey)[after.active ? "active" : "inactive"] += 1;
    if (before === undefined && after !== undefined) additions.of(after.settingKey).firstUserAt = now;
  }
  for (const { before, after } of unit.groups.differences()) {
    if (before !== undefined) additions.of(before.settingKey).groups -= 1;
    if (after !== undefined) additions.of(after.settingKey).groups += 1;
    if (before === undefined && after !== undefined) additions.of(after.settingKey).firstGroupAt = now;
  }
  const { settingKeys } = unit.config.lastUses.dueIn(unit);
  for (const key of settingKeys) additions.of(key).requestAt = now;
  // One that an admin lets go on is watched from then on.
  for (const key of [...settingKeys, ...unit.settingStates.differences().map((state) => state.key)]) {
    const traffic = unit.traffic.get(key);
    if (traffic !== undefined) additions.of(key).traffic = JSON.stringify(traffic);
  }
  return packJson(additions.rows()).map(
    (text) => sql`UPDATE scim_settings SET active_users = active_users + (j.value->>1),
        inactive_users = inactive_users + (j.value->>2), group_count = group_count + (j.value->>3),
        first_user_at = coalesce(first_user_at, j.value->>4), first_group_at = coalesce(first_group_at, j.value->>5),
        first_request_at = coalesce(first_request_at, j.value->>6), last_request_at = coalesce(j.value->>6, last_request_at),
        traffic = coalesce(j.value->>7, traffic)
      FROM json_each(${text}) j WHERE scim_settings.setting_key = j.value->>0`,
  );
}

class Additions {
  readonly #bySetting = new Map<number, Addition>();

  of(settingKey: number): Addition {
    const nothing: Addition = {
      active: 0,
      inactive: 0,
      groups: 0,
      firstUserAt: null,
      firstGroupAt: null,
      requestAt: null,
      traffic: null,
    };
    const addition = this.#bySetting.get(settingKey) ?? nothing;
    this.#bySetting.set(settingKey, addition);
    return addition;
  }

  /** One row a setting, in the order that the statement reads; those that change nothing are left out. */
  rows(): (number | string | null)[][] {
    return [...this.#bySetting].flatMap(([key, addition]) => {
      const { active, inactive, groups, firstUserAt, firstGroupAt, requestAt, traffic } = addition;
      const values = [active, inactive, groups, firstUserAt, firstGroupAt, requestAt, traffic];
      return values.some((value) => value !== 0 && value !== null) ? [[key, ...values]] : [];
    });
  }
}
