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
  /** The row may speak of people that it would not be found by: what was sent is left out. */
  isLoose: boolean;
  /** So is what was asked. */
  hidesQuery: boolean;
  /** Keys of bodies whose values are left out. */
  omitted: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
/** What groups and lists of operations say of people besides their ids. */
const IN_GROUPS: ReadonlySet<string> = new Set(["display"]);
const IN_BULK: ReadonlySet<string> = new Set(["data", "display", "bulkid"]);
/** The attributes, lower case, by whose values the rows of an erased person are found. */
const FINDABLE: ReadonlySet<string> = new Set([
  "username",
  "externalid",
  "displayname",
  "emails",
  "id",
  "members",
  "groups",
]);

/** How a request's row is tied to the person it is about. */
export function tieToPerson(c: DoorContext, draft: LogDraft): Tie {
  const { resourceType, resourceId, label, requestBody } = draft;
  if (pathWithin(c.req.url) === "/Bulk") return { label, isLoose: false, hidesQuery: false, omitted: IN_BULK };
  const omitted = resourceType === "Group" ? IN_GROUPS : NOTHING;
  const filter = findParameter(c, "filter") ?? textOf(requestBody, "filter");
  if (resourceId !== null && (label !== null || filter === null))
    return { label, isLoose: false, hidesQuery: false, omitted };
  if (filter === null)
    return { label, isLoose: resourceType !== "Group" && label === null, hidesQuery: false, omitted };
  const name = nameAsked(filter);
  return { label: label ?? name, isLoose: name === null, hidesQuery: name === null, omitted };
}

/** The name that a filter looks for with one `eq`, as identity providers do; null for every other filter. */
function nameAsked(filter: string): string | null {
  const form =
    /^\s*([\w:.-]+?)(?:\[\s*type\s+eq\s+"\w*"\s*\])?(?:\.value)?\s+eq\s+("(?:[^"\\]|\\.)+"|[^\s"()[\]]+)\s*$/i;
  const [, attribute = "", name = ""] = form.exec(filter) ?? [];
  if (!FINDABLE.has(attribute.split(":").at(-1)?.toLowerCase() ?? "")) return null;
  return name.startsWith('"') ? unquote(name) : name;
}

function unquote(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}

/** What a document that may yet be refused calls its user or group: a user by userName, else by externalId, e-mail or displayName. */
export function nameSent(type: "User" | "Group", body: JsonObject): string | null {
  if (type === "Group") return textOf(body, "displayname");
  const emails = memberOf(body, "emails");
  const [email] = Array.isArray(emails) ? emails : [emails];
  const address = isJsonObject(email) ? textOf(email, "value") : null;
  return textOf(body, "username") ?? textOf(body, "externalid") ?? address ?? textOf(body, "displayname");
}

function memberOf(body: JsonObject, name: string): Json | undefined {
  return body[Object.keys(body).find((key) => key.toLowerCase() === name) ?? name];
}

function textOf(body: JsonObject | null, name: string): string | null {
  const value = body === null ? undefined : memberOf(body, name);
  return typeof value === "string" && value !== "" ? value : null;
}
