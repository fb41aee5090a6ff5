import type { Context, Next } from "hono";
import type { LogEntry } from "../log/entry.ts";
import { withoutQuotes } from "../log/quotes.ts";
import { systemClock } from "../platform/clock.ts";
import { isId } from "../platform/ids.ts";
import { pathSent, queryOf } from "../platform/request-url.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { clipJson } from "./clip-json.ts";
import type { Door, DoorContext } from "./door.ts";
import { gatherLog } from "./gather-log.ts";
import { tieToPerson } from "./tie-to-person.ts";

/** What the steps of a request note down for its row in the provisioning log. */
export interface LogDraft {
  resourceType: "User" | "Group" | null;
  resourceId: string | null;
  label: string | null;
  scimType: string | null;
  detail: string | null;
  requestBody: JsonObject | null;
  responseBody: Json;
  /** The same as JSON text, where it is at hand. */
  responseText: string | null;
  notes: string[];
  /** The writer has the entry and writes it with the commit. */
  handedOver: boolean;
}

/** Bodies are kept to this many characters each. */
const BODY_LIMIT = 8 * 1024;

/** Attributes that are never returned (password) are never logged either. */
const SECRETS: ReadonlySet<string> = new Set(
  Object.values(resourceTypes()).flatMap((type) =>
    type.schema.attributes.filter((attribute) => attribute.returned === "never").map((attribute) => attribute.key),
  ),
);

/**
 * What a client sends of other resources without it being kept, as the name of somebody's manager: an erasure of that
 * other person would not find it in this row. By attribute, the read-only parts.
 */
const ECHOES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.values(resourceTypes())
    .flatMap((type) => [...type.schemas.values()])
    .flatMap(({ attributes }) => attributes)
    .filter(({ mutability }) => mutability !== "readOnly")
    .map(({ key, subAttributes }) => [
      key,
      new Set(subAttributes.filter(({ mutability }) => mutability === "readOnly").map((sub) => sub.key)),
    ]),
);

/** A draft with nothing known yet. */
export function newDraft(): LogDraft {
  return {
    resourceType: null,
    resourceId: null,
    label: null,
    scimType: null,
    detail: null,
    requestBody: null,
    responseBody: null,
    responseText: null,
    notes: [],
    handedOver: false,
  };
}

/** The row of the provisioning log that a request has come to so far. */
export function logEntry(c: DoorContext, status: number): LogEntry {
  const draft = c.get("log");
  const identity = c.get("identity");
  const tie = tieToPerson(c, draft);
  const clip = (body: Json | null) =>
    body === null ? null : clipJson(body, SECRETS, BODY_LIMIT, { keys: tie.omitted, within: ECHOES });
  return {
    id: c.get("requestId"),
    settingId: identity.settingId,
    tokenId: identity.tokenId,
    time: c.get("startedAt"),
    method: c.req.method,
    path: loggedPath(c.req.url, tie.hidesQuery),
    resourceType: draft.resourceType,
    resourceId: draft.resourceId,
    label: tie.label,
    status,
    scimType: draft.scimType,
    detail: tie.isLoose && draft.detail !== null ? withoutQuotes(draft.detail) : draft.detail,
    duration: systemClock() - c.get("startedAt"),
    requestBody: tie.isLoose ? null : clip(draft.requestBody),
    responseBody:
      tie.isLoose && status >= 400 ? null : (clipSent(draft.responseText, tie.omitted) ?? clip(draft.responseBody)),
    notes: draft.notes,
  };
}

/** An answer's text cut to the limit, when nothing of it must be left out: it need not be printed a second time. */
function clipSent(text: string | null, omitted: ReadonlySet<string>): string | null {
  if (text === null || omitted.size > 0) return null;
  const kept = text.length > BODY_LIMIT ? `${text.slice(0, BODY_LIMIT)}…` : text;
  return namesSecret(kept) ? null : kept;
}

function namesSecret(text: string): boolean {
  const folded = text.toLowerCase();
  return [...SECRETS].some((secret) => folded.includes(secret));
}

/** Hands reads and refusals of authenticated requests to the writer's log, after the answer has gone out. */
export async function logAfterAnswer(c: Context<Door>, next: Next): Promise<void> {
  await next();
  const identity = c.get("identity");
  if (identity === undefined || c.get("log").handedOver) return;
  const work = gatherLog(c.env, identity.companyId, logEntry(c, c.res.status), systemClock());
  if (work !== null) c.executionCtx.waitUntil(work);
}

/** The path and query as sent, unless the query names a secret attribute, or people that the row could not be found by. */
function loggedPath(url: string, hidesQuery: boolean): string {
  const path = pathSent(url)
    .replace(/(\/(?:Users|Groups)\/)([^/]+)/, (_, before: string, id: string) =>
      isId(id) || id === ".search" ? before + id : `${before}[name]`,
    )
    .slice(0, 500);
  const query = queryOf(url);
  const isHidden = hidesQuery || (query !== "" && namesSecret(new URLSearchParams(query).toString()));
  return isHidden ? `${path}?[redacted]` : path + query.slice(0, 2000);
}
