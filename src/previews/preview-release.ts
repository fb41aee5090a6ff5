import type { Reads } from "../companies/split-long-reads.ts";
import { type AutoEnrolment, type Item, itemKeyOf, planEnrolments } from "../enrolment/plan-enrolments.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import { isMeant } from "../holds/hold.ts";
import type { HeldPerson } from "../holds/hold-store.ts";
import { keysOfNamed } from "../holds/open-hold-counts-store.ts";
import { planRelease, type Release, type Rules } from "../holds/plan-release.ts";
import { systemClock } from "../platform/clock.ts";
import { type EnrolledPerson, keysIn } from "./previewed-persons-store.ts";
import {
  type HeldPersons,
  type KeyedHeldUser,
  type Ruling,
  selectGroupsInPlay,
  selectHeldPersons,
  selectNextHeldPersons,
} from "./released-persons-store.ts";

/** What a release would carry out, in numbers. */
export interface HeldFigures {
  people: number;
  deactivated: number;
  deleted: number;
  /** How many memberships of target groups end. */
  memberships: number;
  /** What people are withdrawn from, and how many of them. */
  enrolments: (Item & { people: number })[];
}

/** What is released of a company's hold: what was recorded up to a version, of all people or of those named by their ids. */
interface Asked extends Release {
  companyKey: number;
  userIds: readonly string[] | null;
}

/** A user of whom something is released. */
interface ReleasedUser {
  userKey: number;
  becomes: "deactivated" | "deleted" | null;
  /** How many memberships of target groups end. */
  memberships: number;
}

/** A person of whom something is released: those of its users of whom it is, and what it is withdrawn from. */
interface ReleasedPerson {
  users: ReleasedUser[];
  withdrawn: Item[];
}

/** Somebody of a hold, with what the person is withdrawn from once all that waits in the hold is released. */
export interface LosingPerson extends HeldPerson {
  losing: Item[];
}

/** People that a step looks at: what their target groups are is asked by one bound list. */
const MOST_ROWS = 1_000;
/** Items that a page names. */
const MOST_ITEMS = 50;

/**
 * What a release would carry out, by the plans by which it is carried out: of those named at once, of all in bounded
 * statements, in the order of their keys.
 */
export async function readHeldFigures(reads: Reads, asked: Asked): Promise<HeldFigures> {
  const tally = new ReleaseTally();
  if (asked.userIds !== null) {
    const found = await reads.once(selectHeldPersons(asked.holdKey, keysOfNamed(asked.holdKey, asked.userIds)));
    for (const person of await planPersons(reads, asked, found)) tally.add(person, 0, null);
    return tally.figures();
  }
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    const { edge, ...found } = await reads.run(({ rows, bytes }) =>
      selectNextHeldPersons(asked, from, { rows: Math.min(rows, MOST_ROWS), bytes }),
    );
    for (const person of await planPersons(reads, asked, found)) tally.add(person, from, edge);
    after = edge;
  }
  return tally.figures();
}

/** People of a hold, each with what the release of all that waits in it withdraws the person from. */
export async function forecastWithdrawals(
  reads: Pick<Reads, "once">,
  companyKey: number,
  holdKey: number,
  people: readonly HeldPerson[],
): Promise<LosingPerson[]> {
  const losing = new Map<number, Item[]>();
  if (people.length > 0) {
    const asked = { companyKey, holdKey, version: Number.MAX_SAFE_INTEGER, userIds: null };
    const found = await reads.once(selectHeldPersons(holdKey, keysIn(people.map(({ key }) => key))));
    for (const { users, withdrawn } of await planPersons(reads, asked, found))
      for (const { userKey } of users) losing.set(userKey, withdrawn);
  }
  return people.map((person) => ({ ...person, losing: losing.get(person.key) ?? [] }));
}

/** Adds up what is released, stretch by stretch of those who wait. */
class ReleaseTally {
  readonly #sums = { people: 0, deactivated: 0, deleted: 0, memberships: 0 };
  readonly #items = new Map<string, HeldFigures["enrolments"][number]>();

  /** A person of several users comes with each of them: its users are counted each in its stretch, and itself with the first. */
  add({ users, withdrawn }: ReleasedPerson, after: number, edge: number | null): void {
    for (const { userKey, becomes, memberships } of users) {
      if (userKey <= after || (edge !== null && userKey > edge)) continue;
      this.#sums.people += 1;
      this.#sums.memberships += memberships;
      if (becomes !== null) this.#sums[becomes] += 1;
    }
    if (users.some(({ userKey }) => userKey <= after)) return;
    for (const item of withdrawn) {
      const key = itemKeyOf(item);
      this.#items.set(key, { ...item, people: 1 + (this.#items.get(key)?.people ?? 0) });
    }
  }

  figures(): HeldFigures {
    const byPeople = [...this.#items.values()].sort(
      (left, right) => right.people - left.people || (left.name < right.name ? -1 : 1),
    );
    return { ...this.#sums, enrolments: byPeople.slice(0, MOST_ITEMS) };
  }
}

type Person = EnrolledPerson<KeyedHeldUser>;

async function planPersons(
  reads: Pick<Reads, "once">,
  asked: Asked,
  { ruling, persons }: HeldPersons,
): Promise<ReleasedPerson[]> {
  const meant = persons.filter(({ users }) => users.some((user) => isAbout(asked, user)));
  if (meant.length === 0) return [];
  const { names, items } = await reads.once(selectGroupsInPlay(asked.companyKey, inPlay(meant, ruling)));
  const rules = ruling?.isLive === true ? { ...ruling, names } : null;
  const now = systemClock();
  return meant.map((person) => planPerson(person, { asked, rules, itemsOf: (key) => items.get(key) ?? [], now }));
}

/** Whether anything of a user is released. */
function isAbout(asked: Asked, user: KeyedHeldUser): boolean {
  if (asked.userIds !== null && !asked.userIds.includes(user.userId)) return false;
  return isMeant(user, asked) || user.reasons.some((reason) => isMeant(reason, asked));
}

function inPlay(persons: readonly Person[], ruling: Ruling | null): Parameters<typeof selectGroupsInPlay>[1] {
  const all = persons.flatMap(({ users }) => users);
  const field = ruling?.groupSettings.field ?? null;
  const ruled = field === null ? [] : all.filter(({ settingKey }) => settingKey === ruling?.settingKey);
  const reasons = all.flatMap((user) => user.reasons);
  const own = ruling?.groupSettings.targetGroupKey ?? null;
  return {
    names: new Set(ruled.map(({ fields }) => groupNameOf(fields[field ?? ""])).filter((name) => name !== "")),
    byField: new Set(reasons.flatMap(({ kind, targetGroupKey }) => (kind === "field" ? [targetGroupKey] : []))),
    keys: new Set([
      ...reasons.map(({ targetGroupKey }) => targetGroupKey),
      ...all.flatMap(({ mirrors }) => mirrors.map(({ targetGroupKey }) => targetGroupKey)),
      ...(own === null ? [] : [own]),
    ]),
  };
}

interface Plan {
  asked: Asked;
  rules: Rules | null;
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[];
  now: number;
}

function planPerson({ users, present }: Person, { asked, rules, itemsOf, now }: Plan): ReleasedPerson {
  const released: ReleasedUser[] = [];
  const after = users.flatMap((user) => {
    const before = [...new Set(user.reasons.map(({ targetGroupKey }) => targetGroupKey))];
    if (!isAbout(asked, user)) return [{ ...user, targetGroupKeys: before }];
    const left = planRelease(user, asked, user.settingKey === rules?.settingKey ? rules : null);
    const isLeaving = left !== null && user.active && !left.active;
    released.push({
      userKey: user.userKey,
      becomes: left === null ? "deleted" : isLeaving ? "deactivated" : null,
      memberships: before.filter((key) => left?.targetGroupKeys.includes(key) !== true).length,
    });
    return left === null ? [] : [{ ...user, ...left }];
  });
  const { withdraw } = planEnrolments(after, itemsOf, present, now);
  const items = withdraw.map(({ kind, itemId, name }): Item => ({ kind, itemId, name }));
  return { users: released, withdrawn: [...new Map(items.map((item) => [itemKeyOf(item), item])).values()] };
}
