import { ScimError } from "./scim-error.ts";

/** How deep a request body may nest. */
export const MAX_NESTING = 64;

/** What a body that nests deeper is refused with. */
export function tooDeep(): ScimError {
  return new ScimError("body_too_complex", `The request body nests deeper than ${MAX_NESTING} levels.`);
}
