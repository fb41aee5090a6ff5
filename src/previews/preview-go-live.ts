import type { ReadInShare } from "../companies/read-in-share.ts";
import { indexedReads, type Reads } from "../companies/split-long-reads.ts";
import { type Move, planMoves } from "../grouping/preview-moves.ts";
import { type EnrolmentChange, type RegroupingPlan, selectRegroupingPlan } from "../grouping/preview-regrouping.ts";
import { MoveTally } from "../grouping/tally-moves.ts";
import type { Database } from "../platform/database.ts";
import { configurationVersion } from "../settings/configuration-version.ts";
import { groupSettingsInputOf, type SettingRecord } from "../settings/setting-store.ts";
import { isSilent } from "../settings/shadow.ts";
import { previewEnrolments } from "./preview-enrolments.ts";
import { type ShadowPerson, selectShadowPeople } from "./shadow-people-store.ts";
import { type WhySkipped, whySkipped } from "./why-skipped-in-shadow.ts";

/** What somebody in shadow comes to be by going live: a new person, one more user of a person who is here, or in no group. */
export type Becoming = "new" | "known" | "skipped";

/** Somebody in shadow, and what becomes of the person. */
export interface Arrival extends ShadowPerson {
  becomes: Becoming;
  why: WhySkipped | null;
  /** The target groups that the person would be in. */
  moves: readonly Move[];
}

/** A target group that would be made, or that is there and would get people. */
export interface ArrivalGroup {
  name: string;
  isNew: boolean;
  people: number;
}

/** What going live would do. */
export interface GoLiveFigures {
  /** Of the configuration that it would be done by. */
  version: string;
  people: Record<Becoming, number>;
  /** Those of them who are in a target group and have no e-mail. */
  withoutEmail: number;
  groups: ArrivalGroup[];
  enrolments: EnrolmentChange[];
}

/** Of a setting with more people than this what going live would do is worked out within the company's share. */
export const MOST_FREE = 1_000;

const ABOUT = {
  what: "What going live would do is worked out person by person",
  quick: `At any time: of a setting with up to ${MOST_FREE} people.`,
};

/** Does what goes through the people of a setting: of few at once, of many as `readInShare` lets it. */
export function throughPeople<T>(
  database: Database,
  { users }: Pick<SettingRecord, "users">,
  readInShare: ReadInShare,
  work: (reads: Reads) => Promise<T>,
): Promise<T> {
  const isFew = users.active + users.inactive <= MOST_FREE;
  return isFew ? work(indexedReads(database)) : readInShare(ABOUT, work);
}

/** People read at a time. */
const CHUNK = 1_000;

/** What going live would do, by the plan by which it is done; null for a setting that is live. */
export async function previewGoLive(
  reads: Reads,
  companyKey: number,
  setting: SettingRecord,
): Promise<GoLiveFigures | null> {
  if (!isSilent(setting)) return null;
  const plan = await readPlan(reads, companyKey, setting);
  const people = { new: 0, known: 0, skipped: 0 };
  const tally = new MoveTally(plan.enrolling);
  const counts = new Map<number, number>();
  let withoutEmail = 0;
  for await (const { key, email, becomes, moves } of walkArrivals(reads, setting, plan, "")) {
    people[becomes] += 1;
    if (becomes !== "skipped" && email === null) withoutEmail += 1;
    tally.remember(key, moves);
    for (const { targetGroupKey } of moves) counts.set(targetGroupKey, (counts.get(targetGroupKey) ?? 0) + 1);
  }
  const changes = { moves: tally.enrolling, goingLive: setting.key };
  const enrolments = await previewEnrolments(reads, companyKey, tally.enrolling.keys(), changes);
  return { version: configurationVersion(setting), people, withoutEmail, groups: groupsOf(plan, counts), enrolments };
}

/** The groups that people join, and those that are made without anybody: mirrors, and the setting's own. */
function groupsOf({ names, mirrors, settings }: RegroupingPlan, counts: ReadonlyMap<number, number>): ArrivalGroup[] {
  const made = [...mirrors.values()].map(({ targetGroupKey }) => targetGroupKey).concat(settings.targetGroupKey ?? []);
  const keys = new Set([...counts.keys(), ...made.filter((key) => key < 0)]);
  const groups = [...keys].map((key) => ({
    name: names.nameOf(key),
    isNew: key < 0,
    people: counts.get(key) ?? 0,
  }));
  return groups.sort((left, right) => right.people - left.people || (left.name < right.name ? -1 : 1));
}

/** Reads people in shadow after one, by its id, of whom one thing becomes, or all: up to `take`. */
export async function listArrivals(
  reads: Reads,
  companyKey: number,
  setting: SettingRecord,
  { becomes, take, after }: { becomes: Becoming | null; take: number; after: string | null },
): Promise<Arrival[]> {
  const plan = await readPlan(reads, companyKey, setting);
  const found: Arrival[] = [];
  for await (const arrival of walkArrivals(reads, setting, plan, after ?? "")) {
    if (becomes === null || arrival.becomes === becomes) found.push(arrival);
    if (found.length === take) break;
  }
  return found;
}

/**
 * All of them for a download, planned once: each call gives the next, and none after the last. A request may ask D1 only so
 * many queries, and to plan takes several.
 */
export async function readAllArrivals(
  database: Database,
  companyKey: number,
  setting: SettingRecord,
  becomes: Becoming | null,
  readInShare: ReadInShare,
): Promise<() => Promise<Arrival[]>> {
  const through = <T>(work: (reads: Reads) => Promise<T>) => throughPeople(database, setting, readInShare, work);
  const plan = await through((reads) => readPlan(reads, companyKey, setting));
  let after: string | null = "";
  return async () => {
    while (after !== null) {
      const next = selectShadowPeople(setting, { after, take: CHUNK });
      const people = await through((reads) => reads.once(next));
      after = people.length < CHUNK ? null : (people.at(-1)?.id ?? null);
      const arrivals = people.map((person) => planArrival(person, plan));
      const asked = arrivals.filter((arrival) => becomes === null || arrival.becomes === becomes);
      if (asked.length > 0) return asked;
    }
    return [];
  };
}

function readPlan(reads: Reads, companyKey: number, setting: SettingRecord): Promise<RegroupingPlan> {
  const proposal = { mappings: setting.mappings, groupSettings: groupSettingsInputOf(setting) };
  return reads.once(selectRegroupingPlan(companyKey, setting, proposal));
}

async function* walkArrivals(
  reads: Reads,
  setting: SettingRecord,
  plan: RegroupingPlan,
  first: string,
): AsyncGenerator<Arrival> {
  for (let after = first; ; ) {
    const people = await reads.once(selectShadowPeople(setting, { after, take: CHUNK }));
    for (const person of people) yield planArrival(person, plan);
    const last = people.at(-1);
    if (last === undefined || people.length < CHUNK) return;
    after = last.id;
  }
}

/** What becomes of one person in shadow. */
function planArrival(person: ShadowPerson, plan: RegroupingPlan): Arrival {
  // Somebody in shadow is in no target group, and nothing of the person waits.
  const moves = planMoves({ ...person, reasons: [], waits: false }, plan);
  if (moves.length > 0) return { ...person, becomes: person.isKnown ? "known" : "new", why: null, moves };
  return { ...person, becomes: "skipped", why: whySkipped(person, plan.settings), moves };
}
