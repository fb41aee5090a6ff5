import type { Context } from "hono";
import { ShareUsedUp } from "../companies/read-in-share.ts";
import { type GoLiveFigures, previewGoLive, throughPeople } from "../previews/preview-go-live.ts";
import type { SettingRecord } from "../settings/setting-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";

/**
 * What going live would do with a setting in shadow; null for one that is live, and where the company's share of its database
 * is used up: the setting itself is answered all the same.
 */
export async function readGoLiveFigures(c: Context<ApiEnv>, setting: SettingRecord): Promise<GoLiveFigures | null> {
  const { database, company } = c.var;
  // Of one that is live nobody is gone through.
  if (setting.shadow === null) return null;
  try {
    return await throughPeople(database, setting, readInShareFor(c), (reads) =>
      previewGoLive(reads, company.key, setting),
    );
  } catch (error) {
    if (error instanceof ShareUsedUp) return null;
    throw error;
  }
}
