import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import type { DoorContext } from "./door.ts";
import type { LogDraft } from "./log-request.ts";
import { findParameter } from "./request-parameters.ts";
import { pathWithin } from "./request-path.ts";

/**
 * By what the row of a request is found when a person is erased: the user's id, or else its label, the one name the
 * request asks for. What a row says of several people cannot be found again, so it is not kept.
 */
export interface Tie {
  label: string | null;
  hidesQuery: boolean;
  /** Keys of bodies whose values are left out. */
  omitted: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
/** What groups and lists of operations say of people besides their ids. */
const IN_GROUPS: ReadonlySet<string> = new Set(["display"]);
const IN_BULK: ReadonlySet<string> = new Set(["data", "display"]);
const IN_SEARCH: ReadonlySet<string> = new Set(["filter"]);

/** How a request's row is tied to the person it is about; what is asked of a secret attribute (lower case) names nobody. */
export function tieToPerson(c: DoorContext, draft: LogDraft, secrets: ReadonlySet<string>): Tie {
  const { resourceType, resourceId, label, requestBody } = draft;
  if (pathWithin(c.req.url) === "/Bulk") return { label, hidesQuery: false, omitted: IN_BULK };
  const omitted = resourceType === "Group" ? IN_GROUPS : NOTHING;
  const filter = findParameter(c, "filter") ?? textOf(requestBody, "filter");
  if (filter === null || (resourceId !== null && label !== null)) return { label, hidesQuery: false, omitted };
  const isSecret = [...secrets].some((secret) => filter.toLowerCase().includes(secret));
  const name = isSecret ? null : soleLiteral(filter);
  if (name !== null) return { label: label ?? name, hidesQuery: false, omitted };
  return { label, hidesQuery: true, omitted: IN_SEARCH };
}

/** The one text that a filter asks to equal, the type of an e-mail aside; null when there are several, or only parts. */
function soleLiteral(filter: string): string | null {
  const rest = filter.replace(/\btype\s+eq\s+"\w*"/gi, "");
  const [only, ...others] = rest.matchAll(/\beq\s+"((?:[^"\\]|\\.)*)"/gi);
  const quotes = rest.replace(/\\./g, "").split('"').length - 1;
  return quotes === 2 && others.length === 0 ? (only?.[1] ?? null) : null;
}

/** What a document that may yet be refused calls its user or group: a user by userName, else by externalId or e-mail. */
export function nameSent(type: "User" | "Group", body: JsonObject): string | null {
  if (type === "Group") return textOf(body, "displayname");
  const emails = memberOf(body, "emails");
  const [email] = Array.isArray(emails) ? emails : [emails];
  const address = isJsonObject(email) ? textOf(email, "value") : null;
  return textOf(body, "username") ?? textOf(body, "externalid") ?? address;
}

function memberOf(body: JsonObject, name: string): Json | undefined {
  return body[Object.keys(body).find((key) => key.toLowerCase() === name) ?? name];
}

function textOf(body: JsonObject | null, name: string): string | null {
  const value = body === null ? undefined : memberOf(body, name);
  return typeof value === "string" && value !== "" ? value : null;
}
