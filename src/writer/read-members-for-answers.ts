import { findResource, type StoredResource } from "../directory/select-resources.ts";
import { type Read, together } from "../platform/read-batch.ts";
import { refOf } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { WriteResult } from "./operation.ts";
import type { QueuedRequest } from "./run-requests.ts";
import type { StoredGroup } from "./stored-resource.ts";

/** Members that the groups shown in the answers to one commit may have together; the doors read what is more for themselves. */
const SHOWN_AT_ONCE = 10_000;

/**
 * What a commit reads at its end for the answers that show the members of a group: the read puts each group, whole as the
 * commit leaves it, into the result of its request. Groups whose lists are long stay as they are.
 */
export function readMembersForAnswers(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: (WriteResult | null)[],
): Read<void> {
  const parts: Record<string, Read<StoredResource | null>> = {};
  const show: ((groups: Record<string, StoredResource | null>) => void)[] = [];
  let shown = 0;
  for (const [index, request] of requests.entries()) {
    const group = groupShown(request, results[index]);
    const setting = group === null ? undefined : unit.config.settings.get(group.settingId);
    if (group === null || setting === undefined) continue;
    shown += mostMembersOf(unit, refOf(setting.key, group.stored.id));
    if (shown > SHOWN_AT_ONCE) break;
    parts[index] = findResource(setting.key, "Group", group.stored.id, true);
    show.push((groups) => {
      // One that a later request of the commit deleted had no members left by then.
      const found = groups[index] ?? { ...group.stored, related: [] };
      results[index] = { ok: true, outcome: { kind: "group", group: toStored(found) } };
    });
  }
  const { statements, decode } = together(parts);
  return {
    statements,
    decode: (rows) => {
      const groups = decode(rows);
      for (const one of show) one(groups);
    },
  };
}

function groupShown(
  { operation, showsMembers }: QueuedRequest,
  result: WriteResult | null | undefined,
): { settingId: string; stored: StoredGroup } | null {
  if (showsMembers !== true || !("settingId" in operation)) return null;
  return result?.ok && result.outcome.kind === "group"
    ? { settingId: operation.settingId, stored: result.outcome.group }
    : null;
}

/** How many members a group has at most once the commit is through, but for what steps add to it later. */
function mostMembersOf({ groups, memberships, schedulesWork }: UnitOfWork, ref: string): number {
  if (schedulesWork) return Number.POSITIVE_INFINITY;
  const before = groups.knows(ref) ? groups.get(ref)?.memberCount : undefined;
  return (before ?? 0) + memberships.differences().length;
}

function toStored({ id, document, version, createdAt, updatedAt, related }: Omit<StoredResource, "type">): StoredGroup {
  return { id, document, version, createdAt, updatedAt, related };
}
