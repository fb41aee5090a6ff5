import type { Change } from "../../changes/change.ts";
import type { SamePerson } from "../../directory/other-users-of-person-store.ts";

/** The steps by which a person comes to a training; `edit` is what somebody did by hand to their fields or status. */
export type Step = "import" | "edit" | "match" | "group" | "enrol";

/** One thing that happened in a step: the change that tells of it, whole or as far as it belongs to the step. */
export interface Line {
  step: Step;
  change: Change;
}

/** What one request, or one act, did to a person. */
export interface TimelineEvent {
  time: number;
  cause: Change["cause"];
  /** In the order they happened: import, match, group, enrol. */
  lines: Line[];
}

/** Changes of one person, newest first, as events, newest first: neighbours that one request made are one. */
export function toEvents(changes: readonly Change[]): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  for (const change of changes) {
    const newer = events.at(-1);
    if (newer !== undefined && isOfOne(newer.cause, change.cause)) {
      newer.lines.unshift(...linesOf(change));
      newer.time = change.time;
    } else events.push({ time: change.time, cause: change.cause, lines: linesOf(change) });
  }
  return events;
}

function isOfOne(one: Change["cause"], other: Change["cause"]): boolean {
  return one.requestId === other.requestId && one.actor === other.actor;
}

function linesOf(change: Change): Line[] {
  const [room = ""] = change.type.split(".");
  if (room === "member") return [{ step: "group", change }];
  if (room === "enrolment") return [{ step: "enrol", change }];
  const step = change.cause.actor === "operator" || change.cause.actor === "admin" ? "edit" : "import";
  if (change.type === "user.created")
    return [
      { step: "import", change },
      { step: "match", change },
    ];
  const isMatched = personIdIn(change) !== null;
  const isMore = change.type !== "user.updated" || changedOf(change).length > 0 || !isMatched;
  return [...(isMore ? [{ step, change } as const] : []), ...(isMatched ? [{ step: "match", change } as const] : [])];
}

/** What an update changed, by name, but for which person it is: that is said by itself. */
export function changedOf({ data: { changed } }: Pick<Change, "data">): [name: string, difference: unknown][] {
  if (typeof changed !== "object" || changed === null) return [];
  return Object.entries(changed).filter(([name]) => name !== "personId");
}

/** The opaque id of the person that a user became by a change; null where it stayed the one it was, or none is told. */
export function personIdIn({ type, data }: Pick<Change, "type" | "data">): string | null {
  if (type === "user.created") return typeof data.personId === "string" ? data.personId : null;
  const { changed } = data;
  if (typeof changed !== "object" || changed === null || !("personId" in changed)) return null;
  const { personId } = changed;
  if (typeof personId !== "object" || personId === null || !("new" in personId)) return null;
  return typeof personId.new === "string" ? personId.new : null;
}

/** Whom somebody was matched with. */
type Match = { kind: "with"; others: SamePerson[] } | { kind: "nobody" | "noEmail" | "past" };

/**
 * Whom the e-mail address of a change matched the person with, as far as today's people tell: `past` is an address that the
 * person has no more, of which nothing is kept.
 */
export function matchAt(
  change: Pick<Change, "type" | "data" | "time">,
  { personId, hasEmail, others }: { personId: string; hasEmail: boolean; others: readonly SamePerson[] },
): Match {
  if (personIdIn(change) !== personId) return { kind: "past" };
  if (!hasEmail) return { kind: "noEmail" };
  const earlier = others.filter(({ createdAt }) => createdAt <= change.time);
  return earlier.length === 0 ? { kind: "nobody" } : { kind: "with", others: earlier };
}

/** The target groups that changes name, by their ids. */
export function groupIdsIn(changes: readonly Pick<Change, "data">[]): string[] {
  return changes.flatMap(({ data: { groupId, groups } }) => [
    ...(typeof groupId === "string" ? [groupId] : []),
    ...namedGroups(groups).map(({ id }) => id),
  ]);
}

/** The target groups in the data of a change, each with its id and the name that it had. */
export function namedGroups(groups: unknown): { id: string; name: string }[] {
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown) => {
    if (typeof group !== "object" || group === null || !("id" in group) || !("name" in group)) return [];
    return typeof group.id === "string" ? [{ id: group.id, name: String(group.name) }] : [];
  });
}
