import { clipText } from "../scim/clip-text.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";

/** The longest name that is kept of a path, in characters. */
const PATH_NAME_LENGTH = 200;

/** The name people know a resource by: of a stored document, a user's userName and a group's displayName. */
export function labelOf(type: "User" | "Group", document: JsonObject): string | null {
  const label = document[type === "User" ? "userName" : "displayName"];
  return typeof label === "string" ? label : null;
}

/** What a document that may yet be refused calls its user or group: a user by userName, else by externalId, e-mail or displayName. */
export function nameSent(type: "User" | "Group", body: JsonObject): string | null {
  if (type === "Group") return textOf(body, "displayname");
  const emails = memberOf(body, "emails");
  const [email] = Array.isArray(emails) ? emails : [emails];
  const address = isJsonObject(email) ? textOf(email, "value") : null;
  return textOf(body, "username") ?? textOf(body, "externalid") ?? address ?? textOf(body, "displayname");
}

/** What stands in a path where an id is due: rather a name, by which the row is found when the person is erased. */
export function nameInPath(text: string): string {
  return clipText(text, PATH_NAME_LENGTH);
}

/** A text of a body by its name in lower case, sent in any case; null for none and for an empty one. */
export function textOf(body: JsonObject | null, name: string): string | null {
  const value = body === null ? undefined : memberOf(body, name);
  return typeof value === "string" && value !== "" ? value : null;
}

function memberOf(body: JsonObject, name: string): Json | undefined {
  return body[Object.keys(body).find((key) => key.toLowerCase() === name) ?? name];
}
