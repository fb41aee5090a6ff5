import type { Context, Next } from "hono";
import { keepRequest } from "../log/keep-request.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { systemClock } from "../platform/clock.ts";
import { type Identity, recogniseMistyped } from "./authenticate.ts";
import { gatherLog } from "./batch-log-rows.ts";
import { findParameter } from "./request-parameters.ts";
import type { Door, DoorContext } from "./scim-context.ts";
import { pathWithin } from "./scim-endpoint-path.ts";

/** The row of the provisioning log that a request has come to so far. */
export function logEntry(c: DoorContext, status: number): LogEntry {
  const { settingId, tokenId } = c.get("identity");
  return entryOf(c, status, { settingId, tokenId, filter: findParameter(c, "filter") ?? null });
}

function entryOf(
  c: DoorContext,
  status: number,
  known: Pick<LogEntry, "settingId" | "tokenId"> & { filter: string | null },
) {
  const time = c.get("startedAt");
  const request = {
    id: c.get("requestId"),
    time,
    method: c.req.method,
    duration: systemClock() - time,
    url: c.req.url,
    isBulk: pathWithin(c.req.url) === "/Bulk",
    draft: c.get("log"),
    ...known,
  };
  return keepRequest(request, status);
}

/** Hands reads and refusals to the writer's log, after the answer has gone out; of those who did not sign in only a mistyped token's. */
export async function logAfterAnswer(c: Context<Door>, next: Next): Promise<void> {
  await next();
  const mistyped = c.get("mistyped");
  if (mistyped !== undefined) c.executionCtx.waitUntil(logMistyped(c, mistyped));
  // A context says nothing of what was not set: without a token, or with a refused one, there is nobody.
  const identity: Identity | undefined = c.get("identity");
  if (identity === undefined || c.get("log").handedOver) return;
  const work = gatherLog(c.env, identity.companyId, logEntry(c, c.res.status), systemClock());
  if (work !== null) c.executionCtx.waitUntil(work);
}

/** The refusal waits for no look-up: whose a mistyped token is matters to the log alone. The address's shield bounds how many. */
async function logMistyped(c: DoorContext, tokenId: string): Promise<void> {
  // Made before the look-up, which is no part of its duration. Nothing is said of the credential, which was not used, and of
  // somebody who did not sign in nothing is kept that could be a name.
  const entry = entryOf(c, c.res.status, { settingId: "", tokenId: null, filter: null });
  const owner = await recogniseMistyped(c.env, tokenId);
  if (owner !== null) await gatherLog(c.env, owner.companyId, { ...entry, settingId: owner.settingId }, systemClock());
}
