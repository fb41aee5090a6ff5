import { guideOf } from "../../providers/guides.ts";
import { listFields } from "../../settings/field-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { ArrivalCheck } from "./arrival-check.tsx";
import { readCheck } from "./check-card.tsx";
import { readWay } from "./sign-in-way.ts";

/** How far a setting has come, by itself, as a page asks for it again and again. */
export async function showArrival(c: ConsoleContext, setting: SettingRecord) {
  const fields = await listFields(c.var.database, c.var.company.key);
  const guide = guideOf(setting.provider);
  const check = await readCheck(c, setting, fields, readWay(c.req.query("signIn"), guide) ?? guide.signIn[0]);
  return <ArrivalCheck companyId={c.var.company.id} {...check} />;
}
