import type { StoredResource } from "../directory/select-resources.ts";
import { assertLongListOfIds } from "../writer/assert-long-list-of-ids.ts";
import { openWriter } from "../writer/open-writer.ts";
import type { Operation, Outcome } from "../writer/operation.ts";
import { logEntry } from "./log-after-answer.ts";
import { RefusedWrite } from "./refusal-answer.ts";
import type { DoorContext } from "./scim-context.ts";

/**
 * Hands an operation to the company's writer, with the log row of its success (`status`); throws its refusal. With
 * `showsMembers` the group that it leads to comes with its members, where they are few enough.
 */
export async function write(
  c: DoorContext,
  operation: Operation,
  status: number,
  showsMembers = false,
): Promise<Outcome> {
  assertLongListOfIds(operation);
  const { companyId, settingId, tokenId } = c.get("identity");
  const log = c.get("log");
  const result = await openWriter(c.env, companyId).write(companyId, {
    operation,
    cause: { requestId: c.get("requestId"), actor: "scim", settingId, provider: null },
    tokenId,
    log: logEntry(c, status),
    values: c.get("values"),
    showsMembers,
  });
  // The writer has the row whatever it answers; only a call that failed leaves it to this door.
  log.handedOver = true;
  if (!result.ok) throw new RefusedWrite(result);
  return result.outcome;
}

/** The resource that an outcome carries, perhaps without the members of a group; null for a deletion. */
export function resourceOf(outcome: Outcome): StoredResource | null {
  switch (outcome.kind) {
    case "user":
      return { type: "User", ...outcome.user };
    case "group":
      return { type: "Group", ...outcome.group };
    case "deleted":
    case "bulk":
    case "bulkItem":
    case "done":
    case "progress":
      return null;
  }
}
