import { queryOf } from "../platform/request-url.ts";
import { type Projection, parseProjection } from "../scim/attribute-projection.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import type { DoorContext } from "./scim-context.ts";

/** The query of a request: `+` and `%20` are both blanks, names unknown to SCIM (Entra's aadOptscim062020) are ignored. */
export function parametersOf(c: DoorContext): URLSearchParams {
  return new URLSearchParams(queryOf(c.req.url));
}

/** A parameter by its name in any case. */
export function findParameter(c: DoorContext, name: string): string | undefined {
  if (!c.req.url.includes("?")) return undefined;
  for (const [key, value] of parametersOf(c)) if (key.toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}

/** Which attributes the answer to a request on one resource shows (RFC 7644 section 3.9: of every method). */
export function projectionOf(c: DoorContext, type: ResourceType): Projection {
  return parseProjection(type, joinParameter(c, "attributes"), joinParameter(c, "excludedAttributes"));
}

/** All lists of names under a parameter's name, as those of a query of a list are joined. */
function joinParameter(c: DoorContext, name: string): string {
  if (!c.req.url.includes("?")) return "";
  const given = [...parametersOf(c)].filter(([key]) => key.toLowerCase() === name.toLowerCase());
  return given.map(([, value]) => value).join(",");
}
