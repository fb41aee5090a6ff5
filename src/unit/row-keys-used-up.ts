import { KEY_SPAN } from "../platform/row-keys.ts";
import { describeError } from "../platform/transient-fault.ts";
import { ScimError } from "../scim/scim-error.ts";

/** Row keys that a company must have left for work that may make rows: enough for 80 enrolments of 200,000 people. */
const KEYS_FOR_WORK = 2 ** 24;

/** Refuses work that may make rows where the company, whose next key is the `nextKey`-th, may not have the keys for it. */
export function assertKeysForWork(nextKey: number, companyId: string): void {
  if (nextKey > KEY_SPAN - KEYS_FOR_WORK) throw keysUsedUp(companyId);
}

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
