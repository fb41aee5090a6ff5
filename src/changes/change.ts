/** The kinds of entries in the change feed. */
export const CHANGE_TYPES = [
  "company.created",
  "company.renamed",
  "company.deleted",
  "user.created",
  "user.updated",
  "user.deactivated",
  "user.reactivated",
  "user.deleted",
  "group.created",
  "group.renamed",
  "group.deleted",
  "member.added",
  "member.removed",
  "enrolment.started",
  "enrolment.reassigned",
  "enrolment.progressed",
  "enrolment.withdrawn",
  "auto_enrolments.changed",
  "setting.created",
  "setting.changed",
  "setting.paused",
  "setting.resumed",
  "setting.deleted",
  "token.created",
  "token.revoked",
  "client.created",
  "client.revoked",
  "client_secret.created",
  "client_secret.revoked",
  "trust.created",
  "trust.revoked",
  "hold.opened",
  "hold.closed",
  "alert.opened",
  "alert.closed",
] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** What a change is about; `member.*` are about the user, with the group in the data, `auto_enrolments.*` about the group. */
interface ChangeSubject {
  kind:
    | "company"
    | "user"
    | "group"
    | "enrolment"
    | "setting"
    | "token"
    | "client"
    | "client_secret"
    | "trust"
    | "hold"
    | "alert";
  id: string;
}

/**
 * A place in a company's feed: its number, and the mark of the commit that made the change there. After a restore of the
 * database a number is given again, a mark is not. Null: made before there were marks, or the beginning of the feed.
 */
export interface FeedPlace {
  seq: number;
  mark: string | null;
}

/** One entry of the change feed. */
export interface Change extends FeedPlace {
  type: string;
  /** Milliseconds since 1970. */
  time: number;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
  cause: Record<string, unknown>;
}

/** Before the first change of any feed. */
export const BEGINNING: FeedPlace = { seq: 0, mark: null };

/** Letters of a commit's id that no other commit has: the random end of a UUID. */
export function markOf(commitId: string): string {
  return commitId.slice(-12);
}

/** A change before its commit gives it a place in the feed. */
export interface NewChange {
  type: ChangeType;
  subject: ChangeSubject;
  /** The person concerned, so that its history can be found and its data erased. */
  userId: string | null;
  data: Record<string, unknown>;
}
