import { listLog } from "../../log/log-list-store.ts";
import type { ListedRequest } from "../../log/plan-log-walk.ts";
import { selectSyncs } from "../../log/sync-state-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { searchOf } from "../search-in-share.ts";

/**
 * How far a setting has come: nothing came in; something did and was refused; it signs in and is answered; somebody came and
 * is gone again, as a connection test does; people are here.
 */
type ArrivalState = "waiting" | "refused" | "connected" | "gone" | "arrived";

/** How far a setting has come, and the refusal that stands in the way of more. */
export interface SettingArrival {
  state: ArrivalState;
  refusal: ListedRequest | null;
}

type Milestones = Pick<SettingRecord, "firstUserAt" | "users">;

/** Judges by what has come and by the last success (ms) and refusal; a success after the refusal has made it good. */
function judgeArrival(
  { firstUserAt, users }: Milestones,
  lastSuccessAt: number | null,
  lastRefusal: ListedRequest | null,
): SettingArrival {
  if (firstUserAt !== null && users.active + users.inactive > 0) return { state: "arrived", refusal: null };
  const refusal = lastRefusal !== null && lastRefusal.time > (lastSuccessAt ?? 0) ? lastRefusal : null;
  if (firstUserAt !== null) return { state: "gone", refusal };
  if (lastSuccessAt !== null) return { state: "connected", refusal };
  return { state: refusal === null ? "waiting" : "refused", refusal };
}

/** Among so many of the last refusals one is looked for that is no question about what is not there. */
const LOOKED_THROUGH = 20;

/** Reads how far a setting has come; where people are here, nothing more has to be read. */
export async function readArrival(c: ConsoleContext, setting: SettingRecord): Promise<SettingArrival> {
  const { company, database } = c.var;
  const early = judgeArrival(setting, null, null);
  if (early.state === "arrived") return early;
  const syncs = await runRead(database, selectSyncs(company.key, Date.now()));
  const query = { outcome: "failure", search: "" } as const;
  const page = { take: LOOKED_THROUGH, after: null };
  const { rows } = await listLog(database, company.key, setting, query, page, searchOf(c));
  const refusal = rows.find(({ method, status }) => method !== "GET" || status !== 404) ?? null;
  return judgeArrival(setting, syncs.get(setting.key)?.lastSuccessAt ?? null, refusal);
}
