import type { ResourceName } from "../directory/resource-tables.ts";
import { versionOf } from "../directory/resource-version.ts";
import type { Related, StoredResource } from "../directory/select-resources.ts";
import { isoTime } from "../platform/clock.ts";
import { isWhole, type Projection, project, wantsAttribute } from "../scim/attribute-projection.ts";
import { matchesIfNoneMatch, weakTag } from "../scim/entity-tag.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { printRepresentation, type ResourceFacts, represent } from "../scim/represent-resource.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import { answer, answerEmpty, setContentLocation } from "./answer.ts";
import type { DoorContext } from "./scim-context.ts";
import { baseUrl } from "./scim-endpoint-path.ts";

/** The attribute of each type whose elements are rows of their own. */
const RELATED: Record<ResourceName, "groups" | "members"> = { User: "groups", Group: "members" };

/** Whether an answer will show the groups of a user or the members of a group. */
export function wantsRelated(type: ResourceType, projection: Projection): boolean {
  return wantsAttribute(type, projection, RELATED[type.name]);
}

/** A resource's address (RFC 7644 section 3.1). */
export function locationOf(base: string, type: ResourceName, id: string): string {
  return `${base}/${type}s/${id}`;
}

/** A stored resource as the client asked to see it (RFC 7644 section 3.9). */
function show(base: string, type: ResourceType, resource: StoredResource, projection: Projection): JsonObject {
  return project(type, represent(type, resource.document, factsOf(base, type, resource)), projection);
}

/** The same as JSON text; what is shown whole is printed from its stored text. */
export function print(base: string, type: ResourceType, resource: StoredResource, projection: Projection): string {
  return resource.stored !== undefined && isWhole(projection)
    ? printRepresentation(type, resource.stored, factsOf(base, type, resource))
    : JSON.stringify(show(base, type, resource, projection));
}

function factsOf(base: string, type: ResourceType, resource: StoredResource): ResourceFacts {
  const { id, createdAt, updatedAt, related } = resource;
  const tied = related?.map((one) => showRelated(base, one));
  return {
    id,
    created: isoTime(createdAt),
    lastModified: isoTime(updatedAt),
    version: weakTag(versionOf(resource)),
    location: locationOf(base, type.name, id),
    [RELATED[type.name]]: tied,
  };
}

/** Tells the address and version of the resource that an answer is about, as every example of RFC 7644 section 3 does. */
export function setLocation(c: DoorContext, type: ResourceType, stored: StoredResource): void {
  const headers = c.get("headers");
  headers.ETag = weakTag(versionOf(stored));
  headers.Location = locationOf(baseUrl(c.req.url), type.name, stored.id);
}

/** Answers with one resource and where it is; 304 when the client has this version already. */
export function answerResource(
  c: DoorContext,
  type: ResourceType,
  stored: StoredResource,
  { projection, status = 200 }: { projection: Projection; status?: 200 | 201 },
): Response {
  const base = baseUrl(c.req.url);
  // What is not shown is not in the entity tag either, so that a read and a write tell the same one.
  const shown = wantsRelated(type, projection) ? stored : { ...stored, related: undefined };
  setLocation(c, type, shown);
  setContentLocation(c, locationOf(base, type.name, stored.id));
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  if (isRead && matchesIfNoneMatch(c.req.header("if-none-match"), weakTag(versionOf(shown))))
    return answerEmpty(c, 304);
  return answer(c, show(base, type, shown, projection), status);
}

/** A group of a user, or a member of a group, with its address. */
function showRelated(base: string, { value, display, type }: Related): Json {
  const target = type === "User" ? "User" : "Group";
  return { value, $ref: locationOf(base, target, value), display, type };
}
