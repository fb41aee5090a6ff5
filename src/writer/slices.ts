import { personKeyOf } from "../directory/user.ts";
import type { Reason } from "../grouping/target-group.ts";
import { planRows } from "./commit.ts";
import { enrolPersons } from "./enrol.ts";
import { type DeferredMembers, SLICE } from "./member-lists.ts";
import { setMembers } from "./members.ts";
import { NotLoaded } from "./rows.ts";
import { Scope } from "./scope.ts";
import { type Enrolment, pairOf, type Ref, type Statement, WorkingSet } from "./working-set.ts";

/** Loads what a run needs into a working set, and runs again for as long as it misses something. */
export type RunLoaded = <T>(workingSet: WorkingSet, run: () => T) => Promise<T>;

/**
 * Plans the memberships that the operation of `main` left aside: some thousands at a time, each in a working set that is
 * dropped once its statements stand. All of them go into the operation's own commit, so it still applies wholly or not
 * at all. Adds the statements to `rows`; gives the last working set, whose counters the commit ends with.
 */
export async function planSlices(main: WorkingSet, rows: Statement[], runLoaded: RunLoaded): Promise<WorkingSet> {
  if (main.deferred.length === 0) return main;
  const shared = new SharedPersons();
  shared.noteFrom(main);
  let last = main;
  const plan = async (want: (slice: WorkingSet) => void, { cause }: DeferredMembers, run: (scope: Scope) => void) => {
    const slice = new WorkingSet(main.config, main.now, last);
    shared.carryTo(slice);
    want(slice);
    await runLoaded(slice, () => runUnlessMissing(() => run(new Scope(slice, cause))));
    rows.push(...planRows(slice));
    shared.noteFrom(slice);
    last = slice;
  };
  for (const deferred of main.deferred) {
    for (let start = 0; start < deferred.users.length; start += SLICE) {
      const users = deferred.users.slice(start, start + SLICE);
      const want = (slice: WorkingSet) => slice.users.wantAll(users);
      await plan(want, deferred, (scope) => changeMembers(scope, deferred, users));
    }
    const { finish, group } = deferred;
    if (finish === undefined) continue;
    await plan((slice) => slice.subgroups.want(group), deferred, finish);
  }
  return last;
}

function changeMembers(scope: Scope, { group, settingId, member }: DeferredMembers, users: readonly Ref[]): void {
  for (const user of users) scope.workingSet.memberships.load(pairOf(group, user), member ? undefined : true);
  setMembers(scope, scope.requireSetting(settingId), group, users, member);
  enrolPersons(scope);
}

function runUnlessMissing(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
  }
}

/**
 * A person's users may lie in several slices: what one slice made of such a person, the next ones do not find in D1. The
 * reasons count even where they changed no enrolment: the next slice plans the person by them.
 */
class SharedPersons {
  readonly #enrolments = new Map<string, Enrolment[] | undefined>();
  readonly #reasons = new Map<Ref, Reason[] | undefined>();

  noteFrom(slice: WorkingSet): void {
    if (!slice.isEnrolling) return;
    for (const { key: changed } of slice.reasons.changes()) {
      const user = slice.users.get(changed);
      const person = user === undefined ? null : personKeyOf(user);
      const users = person === null ? [] : (slice.persons.get(person) ?? []);
      if (person === null || users.length < 2) continue;
      this.#enrolments.set(person, slice.enrolments.get(person));
      for (const ref of users) this.#reasons.set(ref, slice.reasons.get(ref));
    }
  }

  carryTo(slice: WorkingSet): void {
    for (const [person, enrolments] of this.#enrolments) slice.enrolments.load(person, enrolments);
    for (const [user, reasons] of this.#reasons) slice.reasons.load(user, reasons);
  }
}
