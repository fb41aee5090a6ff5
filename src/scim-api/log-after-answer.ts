import type { Context, Next } from "hono";
import { keepRequest } from "../log/keep-request.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { systemClock } from "../platform/clock.ts";
import { gatherLog } from "./batch-log-rows.ts";
import { findParameter } from "./request-parameters.ts";
import type { Door, DoorContext } from "./scim-context.ts";
import { pathWithin } from "./scim-endpoint-path.ts";

/** The row of the provisioning log that a request has come to so far. */
export function logEntry(c: DoorContext, status: number): LogEntry {
  const mistyped = c.get("mistyped");
  const { settingId, tokenId } = mistyped ?? c.get("identity");
  const time = c.get("startedAt");
  const request = {
    id: c.get("requestId"),
    settingId,
    tokenId,
    time,
    method: c.req.method,
    duration: systemClock() - time,
    url: c.req.url,
    isBulk: pathWithin(c.req.url) === "/Bulk",
    // Of somebody who did not sign in nothing is kept that could be a name.
    filter: mistyped === undefined ? (findParameter(c, "filter") ?? null) : null,
    draft: c.get("log"),
  };
  return keepRequest(request, status);
}

/** Hands reads and refusals to the writer's log, after the answer has gone out; of those who did not sign in only a mistyped token's. */
export async function logAfterAnswer(c: Context<Door>, next: Next): Promise<void> {
  await next();
  const owner = c.get("mistyped") ?? c.get("identity");
  if (owner === undefined || c.get("log").handedOver) return;
  const work = gatherLog(c.env, owner.companyId, logEntry(c, c.res.status), systemClock());
  if (work !== null) c.executionCtx.waitUntil(work);
}
