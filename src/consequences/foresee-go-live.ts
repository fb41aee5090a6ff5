import { indexedReads } from "../companies/bounded-reads.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import { type Move, planMoves } from "../grouping/preview-moves.ts";
import { type EnrolmentChange, type RegroupingPlan, selectRegroupingPlan } from "../grouping/preview-regrouping.ts";
import { MoveTally } from "../grouping/tally-moves.ts";
import type { Database } from "../platform/database.ts";
import { runRead } from "../platform/read-batch.ts";
import { groupSettingsInputOf, type SettingRecord } from "../settings/setting-store.ts";
import { configurationVersion, isSilent } from "../settings/shadow.ts";
import { foreseeEnrolments } from "./foresee-enrolments.ts";
import { type ShadowPerson, selectShadowPeople } from "./shadow-people-store.ts";

/** What somebody in shadow comes to be by going live: a new person, one more user of a person who is here, or in no group. */
export type Becoming = "new" | "known" | "skipped";

/** Why somebody would be in no target group, and so in no training. */
export type WhySkipped = "inactive" | "noValue" | "longName" | "noGroup";

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

/** People read at a time. */
const CHUNK = 1_000;

/** What going live would do, by the plan by which it is done; null for a setting that is live. */
export async function foreseeGoLive(
  database: Database,
  companyKey: number,
  setting: SettingRecord,
): Promise<GoLiveFigures | null> {
  if (!isSilent(setting)) return null;
  const plan = await readPlan(database, companyKey, setting);
  const people = { new: 0, known: 0, skipped: 0 };
  const tally = new MoveTally(plan.enrolling);
  const counts = new Map<number, number>();
  let withoutEmail = 0;
  for await (const { key, email, becomes, moves } of walkArrivals(database, setting, plan, "")) {
    people[becomes] += 1;
    if (becomes !== "skipped" && email === null) withoutEmail += 1;
    tally.remember(key, moves);
    for (const { targetGroupKey } of moves) counts.set(targetGroupKey, (counts.get(targetGroupKey) ?? 0) + 1);
  }
  const enrolments = await foreseeEnrolments(indexedReads(database), companyKey, tally.enrolling.keys(), {
    moves: tally.enrolling,
  });
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
  database: Database,
  companyKey: number,
  setting: SettingRecord,
  { becomes, take, after }: { becomes: Becoming | null; take: number; after: string | null },
): Promise<Arrival[]> {
  const plan = await readPlan(database, companyKey, setting);
  const found: Arrival[] = [];
  for await (const arrival of walkArrivals(database, setting, plan, after ?? "")) {
    if (becomes === null || arrival.becomes === becomes) found.push(arrival);
    if (found.length === take) break;
  }
  return found;
}

function readPlan(database: Database, companyKey: number, setting: SettingRecord): Promise<RegroupingPlan> {
  const proposal = { mappings: setting.mappings, groupSettings: groupSettingsInputOf(setting) };
  return runRead(database, selectRegroupingPlan(companyKey, setting, proposal));
}

async function* walkArrivals(
  database: Database,
  setting: SettingRecord,
  plan: RegroupingPlan,
  first: string,
): AsyncGenerator<Arrival> {
  for (let after = first; ; ) {
    const people = await runRead(database, selectShadowPeople(setting, { after, take: CHUNK }));
    for (const person of people) yield planArrival(person, plan);
    const last = people.at(-1);
    if (last === undefined || people.length < CHUNK) return;
    after = last.id;
  }
}

/** What becomes of one person in shadow. */
export function planArrival(person: ShadowPerson, plan: RegroupingPlan): Arrival {
  // Somebody in shadow is in no target group, and nothing of the person waits.
  const moves = planMoves({ ...person, held: [], waits: false }, plan);
  if (moves.length > 0) return { ...person, becomes: person.isKnown ? "known" : "new", why: null, moves };
  return { ...person, becomes: "skipped", why: whySkipped(person, plan), moves };
}

function whySkipped({ active, fields }: ShadowPerson, { settings }: RegroupingPlan): WhySkipped {
  if (!active) return "inactive";
  if (settings.criteria !== "field" || settings.field === null) return "noGroup";
  return groupNameOf(fields[settings.field]) === "" ? "noValue" : "longName";
}
