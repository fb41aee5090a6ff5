import type { Context } from "hono";
import type * as z from "zod";
import { readAtOneMoment } from "../companies/read-at-one-moment.ts";
import { NOTHING_CAME, type Sync, selectSyncs } from "../log/sync-state-store.ts";
import { isoTime } from "../platform/clock.ts";
import { runRead } from "../platform/read-batch.ts";
import type { GoLiveFigures } from "../previews/preview-go-live.ts";
import { configurationVersion } from "../settings/configuration-version.ts";
import { ownGroupNameOf, type SettingRecord } from "../settings/setting-store.ts";
import { isSilent, statusShown } from "../settings/shadow.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { TokenRecord } from "../settings/token-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { readGoLiveFigures } from "./go-live-figures.ts";
import { requireSetting } from "./require-setting.ts";
import type { settingShape, shadowShape, tokenShape } from "./setting-shapes.ts";

/** How the company's settings fare, by their keys. */
function readSyncs(c: Context<ApiEnv>): Promise<Map<number, Sync>> {
  return runRead(c.var.database, selectSyncs(c.var.company.key, Date.now()));
}

/** The setting of an id as the API answers it, or 404; of one in shadow all that is said is of one moment. */
export async function presentSettingOf(c: Context<ApiEnv>, id: string): Promise<z.infer<typeof settingShape>> {
  const { database, company } = c.var;
  const setting = await requireSetting(c, id);
  if (!isSilent(setting)) return presentSetting(c, setting);
  return readAtOneMoment(database, company.key, async () => presentSetting(c, await requireSetting(c, id)));
}

/** Settings as the API answers them; of those in shadow all that is said is of one moment when they are read in `readAtOneMoment`. */
export function presentSettings(c: Context<ApiEnv>, settings: readonly SettingRecord[]) {
  const syncs = readSyncs(c);
  return Promise.all(settings.map((setting) => presentSetting(c, setting, syncs)));
}

/** A setting of a company as the API answers it; one in shadow with what going live would do. */
export async function presentSetting(
  c: Context<ApiEnv>,
  setting: SettingRecord,
  syncs: Promise<Map<number, Sync>> = readSyncs(c),
): Promise<z.infer<typeof settingShape>> {
  const { groupSettings, targetGroup } = setting;
  const figures = await readGoLiveFigures(c, setting);
  const sync = (await syncs).get(setting.key) ?? NOTHING_CAME;
  return {
    id: setting.id,
    name: setting.name,
    provider: setting.provider,
    status: statusShown(setting),
    tenantUrl: tenantUrl(c.var.origin),
    fieldMappings: setting.mappings,
    groupSettings: {
      targetGroupId: targetGroup?.id ?? null,
      targetGroupName: ownGroupNameOf(setting),
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
    shadow: isSilent(setting) ? presentShadow(setting, figures) : null,
  };
}

function presentShadow(setting: SettingRecord, figures: GoLiveFigures | null): z.infer<typeof shadowShape> {
  const version = configurationVersion(setting);
  if (figures === null) return { version, people: null, groups: null, enrolments: null };
  const { people, groups, enrolments } = figures;
  const isNew = groups.filter((group) => group.isNew).length;
  return { version, people, groups: { new: isNew, fed: groups.length - isNew }, enrolments };
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
