import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { ResourceType } from "./schema/schema.ts";

/** What the service provider knows of a resource besides its document; times are ISO 8601 UTC, `version` is the entity tag. */
export interface ResourceFacts {
  id: string;
  created: string;
  lastModified: string;
  version: string;
  location: string;
  groups?: Json[];
  members?: Json[];
}

/** The URNs of the extensions that a document holds (RFC 7643 section 3.3). */
export function extensionsOf(document: JsonObject): string[] {
  return Object.keys(document).filter((name) => name.includes(":") && isJsonObject(document[name]));
}

/** The full resource as it is answered: schemas, id, attributes, extensions, then meta (RFC 7643 section 3). */
export function represent(type: ResourceType, document: JsonObject, facts: ResourceFacts): JsonObject {
  return {
    schemas: [type.schema.id, ...extensionsOf(document)],
    id: facts.id,
    ...document,
    ...(facts.groups === undefined ? {} : { groups: facts.groups }),
    ...(facts.members === undefined ? {} : { members: facts.members }),
    meta: metaOf(type, facts),
  };
}

/**
 * The same as JSON text, from the texts of a document and of the list of its extensions, as `JSON.stringify` prints them: a
 * page holds many, and none has to be read and printed anew.
 */
export function printRepresentation(
  type: ResourceType,
  { text, extensions }: { text: string; extensions: string },
  facts: ResourceFacts,
): string {
  const { id, groups, members } = facts;
  const others = extensions === "[]" ? "" : `,${extensions.slice(1, -1)}`;
  const attributes = text === "{}" ? "" : `,${text.slice(1, -1)}`;
  const tied =
    (groups === undefined ? "" : `,"groups":${JSON.stringify(groups)}`) +
    (members === undefined ? "" : `,"members":${JSON.stringify(members)}`);
  const meta = JSON.stringify(metaOf(type, facts));
  return `{"schemas":["${type.schema.id}"${others}],"id":${JSON.stringify(id)}${attributes}${tied},"meta":${meta}}`;
}

function metaOf(type: ResourceType, { created, lastModified, location, version }: ResourceFacts): JsonObject {
  return { resourceType: type.name, created, lastModified, location, version };
}
