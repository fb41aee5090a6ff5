import { ScimError } from "../scim/scim-error.ts";
import type { DoorContext } from "./scim-context.ts";

/** A handler for the methods a path does not have: 405 with `Allow` (RFC 9110 section 15.5.6). */
export function allowOnly(...methods: string[]): (c: DoorContext) => never {
  const allowed = methods.join(", ");
  return (c) => {
    c.get("headers").Allow = allowed;
    throw new ScimError("method_not_allowed", `${c.req.method} is not possible here. This address takes: ${allowed}.`);
  };
}
