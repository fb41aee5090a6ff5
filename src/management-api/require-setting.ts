import type { Context } from "hono";
import { findSetting, type SettingRecord } from "../settings/setting-store.ts";
import { findToken, type TokenRecord } from "../settings/token-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { notFound } from "./problem.ts";

/** The company's setting of an id, or 404. */
export async function requireSetting(c: Context<ApiEnv>, id: string): Promise<SettingRecord> {
  const setting = await findSetting(c.var.database, c.var.company.key, id);
  if (setting === null) throw notFound("no_such_setting", id);
  return setting;
}

/** The setting's token of an id, or 404. */
export async function requireToken(c: Context<ApiEnv>, settingKey: number, id: string): Promise<TokenRecord> {
  const token = await findToken(c.var.database, settingKey, id);
  if (token === null) throw notFound("no_such_token", id);
  return token;
}
