import { describeError } from "../platform/passing-fault.ts";
import { ScimError } from "../scim/errors.ts";

/** Refuses what needs a key past the company's span, which is the next company's; the Worker's log is told. */
export function keysUsedUp(companyId: string): ScimError {
  const error = new ScimError(
    "keys_used_up",
    "This company has used up its row keys: nothing can be added to it any more, and nothing was changed. Tell the operator.",
  );
  const message = "a company has used up its row keys";
  console.error(JSON.stringify({ level: "error", room: "writer", message, companyId, error: describeError(error) }));
  return error;
}
