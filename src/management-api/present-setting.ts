import type * as z from "zod";
import type { Sync } from "../log/sync-store.ts";
import { isoTime } from "../platform/clock.ts";
import type { SettingRecord } from "../settings/setting-store.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { TokenRecord } from "../settings/token-store.ts";
import type { settingShape, tokenShape } from "./setting-shapes.ts";

/** A setting as the API answers it. */
export function presentSetting(setting: SettingRecord, origin: string, sync: Sync): z.infer<typeof settingShape> {
  const { groupSettings, targetGroup } = setting;
  return {
    id: setting.id,
    name: setting.name,
    provider: setting.provider,
    // The store gives no deleted setting.
    status: setting.status === "paused" ? "paused" : "active",
    tenantUrl: tenantUrl(origin),
    fieldMappings: setting.mappings,
    groupSettings: {
      targetGroupId: targetGroup?.id ?? null,
      targetGroupName: targetGroup?.name ?? null,
      targetGroupScope: groupSettings.targetGroupScope,
      criteria: groupSettings.criteria,
      field: groupSettings.field,
    },
    safeguards: setting.safeguards,
    expected:
      setting.expected === null ? null : { people: setting.expected.people, until: isoTime(setting.expected.until) },
    dialect: setting.dialect,
    users: setting.users,
    groups: setting.groupCount,
    firstRequestAt: isoTime(setting.firstRequestAt),
    firstUserAt: isoTime(setting.firstUserAt),
    firstGroupAt: isoTime(setting.firstGroupAt),
    lastRequestAt: isoTime(setting.lastRequestAt),
    sync: { ...sync, lastSuccessAt: isoTime(sync.lastSuccessAt) },
    createdAt: isoTime(setting.createdAt),
  };
}

/** A token as the API answers it, without its secret. */
export function presentToken(token: TokenRecord): z.infer<typeof tokenShape> {
  return {
    id: token.id,
    lastFour: token.lastFour,
    createdAt: isoTime(token.createdAt),
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
    revokedAt: isoTime(token.revokedAt),
  };
}
