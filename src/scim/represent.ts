import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { ResourceType } from "./schema.ts";

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

/** The full resource as it is answered: schemas, id, attributes, extensions, then meta (RFC 7643 section 3). */
export function represent(type: ResourceType, document: JsonObject, facts: ResourceFacts): JsonObject {
  const extensions = Object.keys(document).filter((name) => name.includes(":") && isJsonObject(document[name]));
  return {
    schemas: [type.schema.id, ...extensions],
    id: facts.id,
    ...document,
    ...(facts.groups === undefined ? {} : { groups: facts.groups }),
    ...(facts.members === undefined ? {} : { members: facts.members }),
    meta: {
      resourceType: type.name,
      created: facts.created,
      lastModified: facts.lastModified,
      location: facts.location,
      version: facts.version,
    },
  };
}
