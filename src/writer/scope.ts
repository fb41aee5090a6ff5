import type { NewChange } from "../changes/change.ts";
import type { User } from "../directory/user.ts";
import { personKeyOf } from "../directory/user.ts";
import { ScimError } from "../scim/errors.ts";
import type { WriterSetting } from "./company-config.ts";
import type { Cause } from "./operation.ts";
import type { Ref, WorkingSet } from "./working-set.ts";

/** What one operation works with: the working set, its cause, and the persons whose enrolments it may have touched. */
export class Scope {
  readonly workingSet: WorkingSet;
  readonly cause: Cause;
  /** Warnings for the provisioning log. */
  readonly notes: string[] = [];
  /** How many members the whole request took from each group. */
  readonly removedMembers: Map<Ref, number>;
  /** Long lists of members may be left to slices of the commit: nothing after them in it looks at their memberships. */
  defersMembers = false;
  readonly #persons = new Set<string>();

  /** `removedMembers` is that of the request which this operation is a part of. */
  constructor(workingSet: WorkingSet, cause: Cause, removedMembers = new Map<Ref, number>()) {
    this.workingSet = workingSet;
    this.cause = cause;
    this.removedMembers = removedMembers;
  }

  /** The setting an operation names; deleted ones count as absent. */
  requireSetting(settingId: string): WriterSetting {
    const setting = this.workingSet.config.settings.get(settingId);
    if (setting === undefined || setting.status === "deleted")
      throw new ScimError(404, undefined, `SCIM setting ${settingId} does not exist.`);
    return setting;
  }

  /** Puts a change into the feed, with this operation as its cause and the rule that asked for it. */
  announce(change: NewChange, rule: string | null = null): void {
    this.workingSet.announce({ ...change, cause: this.cause, rule, time: this.workingSet.now });
  }

  /** Marks the person behind a user, before or after its change: its enrolments are planned when the operation ends. */
  touchPerson(user: User): void {
    if (this.workingSet.isEnrolling) this.#persons.add(personKeyOf(user));
  }

  /** The persons touched. */
  get persons(): readonly string[] {
    return [...this.#persons];
  }
}
