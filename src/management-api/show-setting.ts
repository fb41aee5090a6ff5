import type { Context } from "hono";
import type * as z from "zod";
import { type Sync, selectSyncs } from "../log/sync-store.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { selectSetting } from "../settings/setting-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { presentSetting } from "./present-setting.ts";
import { notFound } from "./problem.ts";
import type { settingShape } from "./setting-shapes.ts";

/** Of a setting that was made after the others were looked at. */
export const NOTHING_CAME: Sync = { state: "waiting", lastSuccessAt: null, failures24h: 0 };

/** The company's setting of an id as the API answers it, or 404. */
export async function showSetting(c: Context<ApiEnv>, id: string): Promise<z.infer<typeof settingShape>> {
  const { company, database, origin } = c.var;
  const { setting, syncs } = await runRead(
    database,
    together({ setting: selectSetting(company.key, id), syncs: selectSyncs(company.key, Date.now()) }),
  );
  if (setting === null) throw notFound("no_such_setting", id);
  return presentSetting(setting, origin, syncs.get(setting.key) ?? NOTHING_CAME);
}
