import { foldCase } from "../fold.ts";
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

/** Splits `urn:...:attribute` at the schema's URN, the longest known one first, else at the last colon. */
export function splitQualifiedName(type: ResourceType, text: string): { urn: string; rest: string } | null {
  const folded = foldCase(text);
  if (folded.length !== text.length) return splitAtLastColon(text);
  let best = "";
  for (const id of type.schemas.keys())
    if (id.length > best.length && folded.startsWith(`${id}:`) && id.includes(":")) best = id;
  if (best.startsWith("urn:")) return { urn: text.slice(0, best.length), rest: text.slice(best.length + 1) };
  return splitAtLastColon(text);
}

function splitAtLastColon(text: string): { urn: string; rest: string } | null {
  const colon = text.lastIndexOf(":");
  return colon < 1 ? null : { urn: text.slice(0, colon), rest: text.slice(colon + 1) };
}
