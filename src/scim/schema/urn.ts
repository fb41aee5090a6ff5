import { foldCase } from "../fold-case.ts";
import type { ResourceType, Schema } from "./schema.ts";

/**
 * What the spellings of a schema's URN have in common, e.g. `extension:enterprise`. SCIM 1.1 wrote
 * `urn:scim:schemas:extension:enterprise:1.0`, OneLogin sends `urn:scim:schemas:extension:enterprise:2.0`, and a
 * body that Microsoft documents has `...:enterprise:2.0User` without the last colon.
 */
export function urnStem(urn: string): string {
  return splitUrn(foldCase(urn)).stem;
}

function splitUrn(folded: string): { stem: string; resource: string } {
  const bare = folded.replace(/^urn:(?:ietf:params:scim|scim):schemas:/, "");
  const version = /:\d+\.\d+:?([a-z]*)$/.exec(bare);
  if (bare === folded || version === null) return { stem: folded, resource: "" };
  return { stem: bare.slice(0, version.index), resource: version[1] ?? "" };
}

/** The schema of a resource type that a URN names, in any case and in the older spellings. */
export function findSchema(type: ResourceType, urn: string): Schema | undefined {
  const folded = foldCase(urn);
  const exact = type.schemas.get(folded);
  if (exact !== undefined) return exact;
  const { stem, resource } = splitUrn(folded);
  return resource === "" || resource === foldCase(type.name) ? type.schemas.get(stem) : undefined;
}

/** Whether a name is a URN, or begins with one: another name with a colon is no extension's, but unknown, as is a path with a filter. */
export function isUrn(text: string): boolean {
  return /^urn:[^"\\[\]]*$/i.test(text);
}

/** Whether a URN is that of a schema of another resource type, whose attributes this one does not have. */
export function isForeignSchema(type: ResourceType, urn: string): boolean {
  const { stem, resource } = splitUrn(foldCase(urn));
  if (resource === foldCase(type.name)) return false;
  return type.foreignStems.has(stem) || (stem === urnStem(type.schema.id) && resource !== "");
}

/** Whether a text is a URN of which nothing is missing between the colons, and after the last one. */
export function isWholeUrn(text: string): boolean {
  return isUrn(text) && /^urn(?::[^:]+)+$/i.test(text);
}

/** Whether a URN has one part alone, so that it can be no more than the name of an extension. */
export function isBareUrn(text: string): boolean {
  return /^urn:[^:]+$/i.test(text);
}

/**
 * Whether a URN that no schema has is spelt as those of extensions are (RFC 7643 section 10.3), with a version and the
 * resource type at its end: in any case among those of SCIM, as it is elsewhere, since Okta's own go on after `1.0:user`.
 */
export function looksLikeExtension(type: ResourceType, urn: string): boolean {
  const resource = /:\d+\.\d+:([a-z]+)$/i.exec(urn)?.[1];
  if (resource === undefined) return false;
  return (
    resource === type.name ||
    (/^urn:ietf:params:scim:schemas:/i.test(urn) && foldCase(resource) === foldCase(type.name))
  );
}

/**
 * Splits `urn:...:attribute` at the schema's URN, the longest known one first, else at the last colon. A dot after a URN is
 * read as the colon it should be: `urn:...:2.0:User.department`.
 */
export function splitQualifiedName(type: ResourceType, text: string): { urn: string; rest: string } | null {
  let end = text.length;
  // What follows a URN has one dot at most: `emails.type`.
  for (let marks = 0; marks < 3; marks += 1) {
    end = Math.max(text.lastIndexOf(":", end - 1), text.lastIndexOf(".", end - 1));
    if (end < 1 || text.includes(":", end + 1)) break;
    const urn = text.slice(0, end);
    if (findSchema(type, urn) !== undefined || isForeignSchema(type, urn) || looksLikeExtension(type, urn))
      return { urn, rest: text.slice(end + 1) };
  }
  const colon = text.lastIndexOf(":");
  return colon < 1 ? null : { urn: text.slice(0, colon), rest: text.slice(colon + 1) };
}
