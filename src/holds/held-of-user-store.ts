import { IS_HELD_UP } from "../directory/user-origin.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";
import type { HoldCause } from "./hold.ts";
import { JOINED_INSTEAD, type JoinedInsteadRow, readJoinedInstead } from "./target-group-joined-instead.ts";

/** Something that waits for a decision about somebody, or that was kept. */
export interface HeldOfUser {
  hold: { id: string; kind: SafeguardKind; settingName: string; causes: HoldCause[] };
  /** What is not carried out: setting the user inactive, removing it, or taking it out of a target group. */
  what: "inactive" | "deleted" | { groupId: string; groupName: string; to: string | null };
  /** Since when it has waited (ms); of a group, since when its hold has been open. */
  since: number;
  /** Whether it waits; otherwise an admin kept it. */
  waits: boolean;
}

/** Reads what of a user waits in holds or was kept: of itself first, then of its target groups by name. */
export function selectHeldOfUser(userKey: number | Sql): Read<HeldOfUser[]> {
  const statement = sql`SELECT h.id, h.kind, h.causes, s.name AS settingName, x.heldAs, x.groupId, x.groupName, x.whereTo,
      coalesce(x.since, h.opened_at) AS since, x.version IS NOT NULL AS waits
    FROM (SELECT u.held_by AS k, u.held_as AS heldAs, u.held_at AS since, u.held_version AS version,
        NULL AS groupId, NULL AS groupName, NULL AS whereTo
      FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
      WHERE u.user_key = ${userKey} AND u.held_by IS NOT NULL AND ${IS_HELD_UP}
      UNION SELECT m.held_by, NULL, NULL, m.held_version, t.id, t.name, json_object(${JOINED_INSTEAD})
      FROM target_group_members m CROSS JOIN users u ON u.user_key = m.user_key
      CROSS JOIN target_groups t ON t.target_group_key = m.target_group_key
      CROSS JOIN scim_settings o ON o.setting_key = m.setting_key
      WHERE m.user_key = ${userKey} AND m.held_by IS NOT NULL AND (o.status <> 'deleted' OR m.held_version IS NOT NULL)) x
    CROSS JOIN holds h ON h.hold_key = x.k CROSS JOIN scim_settings s ON s.setting_key = h.setting_key
    ORDER BY x.groupName`;
  return selectAll(statement, (selected) => {
    const { id, kind, causes, settingName, heldAs, groupId, groupName, whereTo, since, waits } = selected as HeldRow; // by the statement
    const isOfGroup = groupId !== null && groupName !== null && whereTo !== null;
    return {
      hold: { id, kind, settingName, causes: JSON.parse(causes) as HoldCause[] }, // as the writer wrote them
      what: isOfGroup
        ? { groupId, groupName, to: readJoinedInstead(JSON.parse(whereTo) as JoinedInsteadRow) }
        : (heldAs ?? "inactive"),
      since,
      waits: waits === 1,
    };
  });
}

interface HeldRow {
  id: string;
  kind: SafeguardKind;
  causes: string;
  settingName: string;
  heldAs: "inactive" | "deleted" | null;
  groupId: string | null;
  groupName: string | null;
  /** JSON by JOINED_INSTEAD. */
  whereTo: string | null;
  since: number;
  waits: 0 | 1;
}
