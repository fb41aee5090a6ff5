import { type Change, Refused, type RollcallClient, type TargetUser } from "./rollcall-client.ts";

/** A person of the mirror: what it is called, and whether it is there to be trained. */
export interface MirroredUser {
  personId: string | undefined;
  status: "active" | "inactive";
  fields: Record<string, string | number | boolean | null>;
}

/** Somebody's open enrolment. */
export interface MirroredEnrolment {
  userId: string;
  kind: "training" | "phishing";
  itemId: string;
}

/**
 * Keeps what a training product needs of one company: its people, who is in which group, and who is to be trained in what. It
 * begins with a snapshot, follows the feed, and begins again by itself when the feed says that it has to.
 */
export class Mirror {
  readonly users = new Map<string, MirroredUser>();
  readonly groups = new Map<string, { name: string; members: Set<string> }>();
  readonly enrolments = new Map<string, MirroredEnrolment>();
  /** How often it had to begin. */
  begun = 0;
  readonly #client: RollcallClient;
  readonly #companyId: string;
  #cursor: string | null = null;

  constructor(client: RollcallClient, companyId: string) {
    this.#client = client;
    this.#companyId = companyId;
  }

  /** Brings the mirror up to date. Call it again and again, with `wait` (seconds) to have it wait for the next change. */
  async follow(wait = 0): Promise<void> {
    const cursor = this.#cursor ?? (await this.#begin());
    try {
      for (let after = cursor, isOver = false; !isOver; ) {
        const feed = await this.#client.listChanges({ companyId: this.#companyId, after, limit: 200, wait });
        for (const change of feed.items) this.apply(change);
        // Kept only once what comes before it is applied: after a crash some comes again, and none is left out.
        after = feed.nextCursor ?? feed.readTo;
        this.#cursor = after;
        isOver = feed.nextCursor === null;
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // The company was deleted: its feed went with it, and so does all that is here.
      if (error.problem.code === "no_such_company") return this.#forget();
      // `gone` or `epoch_changed`: what is here cannot be brought up to date, and is taken anew.
      if (error.problem.status !== 410) throw error;
      this.#cursor = null;
      await this.follow();
    }
  }

  /** Takes everything anew; gives the cursor from which the feed goes on. */
  async #begin(): Promise<string> {
    this.begun += 1;
    this.#forget();
    let cursor: string | null = null;
    let isWhole = false;
    for await (const line of this.#client.getSnapshot({ companyId: this.#companyId })) {
      if ("cursor" in line) cursor = line.cursor;
      else if (line.type === "user") this.users.set(line.user.id, toMirrored(line.user));
      else if (line.type === "group") this.groups.set(line.group.id, { name: line.group.name, members: new Set() });
      else if (line.type === "member") this.groups.get(line.member.groupId)?.members.add(line.member.userId);
      else if (line.type === "enrolment") {
        const { id, status, userId, kind, itemId } = line.enrolment;
        if (status === "active") this.enrolments.set(id, { userId, kind, itemId });
      } else isWhole = line.type === "end";
    }
    if (cursor === null || !isWhole) throw new Error("the snapshot broke off");
    return cursor;
  }

  /** Applies a change. Each carries values, so one that is here already does no harm, and a webhook can bring it too. */
  apply(change: Change): void {
    const { id } = change.subject;
    if (change.type === "user.created") {
      const { status } = change.data;
      if (!("erased" in change.data))
        this.users.set(id, { personId: change.data.personId, status, fields: change.data.fields });
    } else if (change.type === "user.updated") {
      const user = this.users.get(id);
      if (user === undefined || "erased" in change.data) return;
      for (const [name, value] of Object.entries(change.data.changed))
        if (name === "personId") user.personId = String(value.new);
        else if (!["userName", "externalId", "displayName", "settingId"].includes(name)) user.fields[name.replace("fields.", "")] = value.new;
    } else if (change.type === "user.deactivated") this.#setStatus(id, "inactive");
    else if (change.type === "user.reactivated") this.#setStatus(id, "active");
    else if (change.type === "user.deleted") this.users.delete(id);
    else if (change.type === "group.created" || change.type === "group.renamed")
      this.groups.set(id, { name: change.data.name, members: this.groups.get(id)?.members ?? new Set() });
    else if (change.type === "group.deleted") this.groups.delete(id);
    else if (change.type === "member.added") this.groups.get(change.data.groupId ?? "")?.members.add(id);
    else if (change.type === "member.removed") this.groups.get(change.data.groupId ?? "")?.members.delete(id);
    else if (change.type === "enrolment.started" || change.type === "enrolment.reassigned") {
      const { userId, kind, itemId } = change.data;
      this.enrolments.set(id, { userId, kind, itemId });
    } else if (change.type === "enrolment.withdrawn") this.enrolments.delete(id);
    else if (change.type === "company.deleted") this.#forget();
    // Other types, and those that come later, say nothing of what is kept here.
  }

  #forget(): void {
    for (const held of [this.users, this.groups, this.enrolments]) held.clear();
  }

  #setStatus(id: string, status: MirroredUser["status"]): void {
    const user = this.users.get(id);
    if (user !== undefined) user.status = status;
  }
}

function toMirrored({ personId, status, fields }: TargetUser): MirroredUser {
  return { personId, status, fields: { ...fields } };
}
