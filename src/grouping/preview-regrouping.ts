import { selectCommitNo } from "../companies/read-at-one-moment.ts";
import type { Reads } from "../companies/split-long-reads.ts";
import { compileMappings } from "../directory/derive-user-fields.ts";
import { autoEnrolments, groups, targetGroups } from "../directory/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { PRESENT_FORM } from "../platform/stored-row-forms.ts";
import { selectFields } from "../settings/field-store.ts";
import { sameMappings } from "../settings/fields.ts";
import { sameGroupSettings } from "../settings/same-group-settings.ts";
import type { FieldMapping, GroupSettings, GroupSettingsInput, Setting } from "../settings/setting.ts";
import { isSilent } from "../settings/shadow.ts";
import { canName, type Mirror } from "./plan-groups.ts";
import { GroupNames, type Move } from "./preview-moves.ts";
import {
  findStored,
  type Mover,
  type PeoplePlan,
  planKinds,
  readProfiles,
  selectProfiles,
  walkEach,
  walkKinds,
} from "./preview-profile-store.ts";
import { type GroupCounts, MoveTally, type UserMoves } from "./tally-moves.ts";

/** One person who would join or leave a target group. */
interface PreviewedChange extends Omit<Move, "targetGroupKey"> {
  userId: string;
  userName: string;
}

/** What a change of mapping and grouping would do: the counts of all, and one page of them. */
export interface Preview {
  joins: number;
  leaves: number;
  groups: GroupCounts;
  /** Which enrolments would start and end; null where they cannot be told, since persons would be known by another e-mail. */
  enrolments: EnrolmentChange[] | null;
  changes: PreviewedChange[];
  /** How many changes come before the next page's; null on the last. */
  next: number | null;
}

/** An item, and how many persons would be enrolled in it and withdrawn from it. */
export interface EnrolmentChange {
  kind: "training" | "phishing";
  itemId: string;
  name: string;
  starts: number;
  ends: number;
}

/** Tells which enrolments start and end when users, by their keys, join and leave target groups. */
type ForecastEnrolments = (moves: ReadonlyMap<number, UserMoves>) => Promise<EnrolmentChange[]>;

/** A proposed mapping (complete) and grouping. */
export interface Proposal {
  mappings: FieldMapping[];
  groupSettings: GroupSettingsInput;
}

/** A stretch of the changes; `start` counts those before it. */
interface PreviewPage {
  limit: number;
  start: number;
}

/** How often people are counted and listed anew because others wrote in between. */
const MOST_ATTEMPTS = 3;

/**
 * Who would join and leave which target group if a setting's mapping and grouping were changed, by the plan that the
 * writer itself applies, in the order of the users. Nothing is written.
 *
 * What decides about users has few values among many of them: while the reads holds it, each value is planned once,
 * and only the page's people are read. Where the grouping field would be read from elsewhere, every user is planned, each
 * by what held when it was read.
 */
export async function previewRegrouping(
  reads: Reads,
  companyKey: number,
  setting: Setting,
  proposal: Proposal,
  page: PreviewPage,
  forecast: ForecastEnrolments,
): Promise<Preview> {
  const select = selectRegroupingPlan(companyKey, setting, proposal);
  const list = listing(setting, proposal, page, forecast);
  const field = fieldOf(proposal.groupSettings);
  const stored = findStored(field, setting.mappings, proposal.mappings);
  if (stored === null) {
    const plan = await reads.once(select);
    if (isUnchanged(setting, proposal, plan)) return NOTHING;
    return list(walkEach(reads, select, plan), plan, null);
  }
  const asked = { companyKey, settingKey: setting.key, ...proposal.groupSettings };
  const profiles = (at: { after: number; rows: number }) => selectProfiles(asked, stored, at);
  for (let attempt = 1; ; attempt += 1) {
    const { plan, first } = await reads.run(({ rows }) =>
      together({ plan: select, first: profiles({ after: 0, rows }) }),
    );
    if (isUnchanged(setting, proposal, plan)) return NOTHING;
    // The columns lag behind while a change of the mapping is being applied.
    const found = plan.hasCurrentColumns ? await readProfiles(reads, profiles, first, plan.commitNo) : null;
    const kinds = found === null ? null : planKinds(found, plan, stored);
    if (kinds === null) return list(walkEach(reads, select, plan), plan, null);
    const preview = await list(walkKinds(reads, plan, stored, kinds), plan, kinds);
    // People are listed after they are counted: where others wrote in between, both are done again.
    const isOfOneMoment = (await reads.once(selectCommitNo(companyKey))) === plan.commitNo;
    if (isOfOneMoment || attempt === MOST_ATTEMPTS) return preview;
  }
}

/** What a change does that changes nothing: nobody is planned anew, and what was kept stays. */
const NOTHING: Preview = {
  ...{ joins: 0, leaves: 0, groups: { new: 0, emptied: 0 } },
  ...{ enrolments: [], changes: [], next: null },
};

/** Whether a proposal is what rules a setting already; of one in shadow the preview is that of going live. */
function isUnchanged(setting: Setting, { mappings }: Proposal, { settings }: RegroupingPlan): boolean {
  return (
    !isSilent(setting) && sameMappings(setting.mappings, mappings) && sameGroupSettings(setting.groupSettings, settings)
  );
}

type Known = readonly { moves: readonly Move[]; people: number }[] | null;

/** How the moves of a proposal are counted, those of `known` kinds without walking, and those of a page listed. */
function listing(
  setting: Setting,
  { mappings }: Proposal,
  { limit, start }: PreviewPage,
  forecast: ForecastEnrolments,
) {
  const pathIn = (all: readonly FieldMapping[]) => all.find(({ field }) => field === "email")?.path;
  const hasSamePersons = pathIn(setting.mappings) === pathIn(mappings);
  return async (movers: AsyncGenerator<Mover>, plan: RegroupingPlan, known: Known): Promise<Preview> => {
    const tally = new MoveTally(plan.enrolling);
    for (const { moves, people } of known ?? []) tally.count(moves, people);
    const isWalked = known === null || known.some(({ moves }) => tally.touches(moves));
    const end = start + limit;
    const changes: PreviewedChange[] = [];
    let index = 0;
    for await (const { key, moves, ...about } of movers) {
      if (known === null) tally.count(moves, 1);
      tally.remember(key, moves);
      for (const { targetGroupKey: _, ...move } of moves) {
        if (index >= start && index < end) changes.push({ ...about, ...move });
        index += 1;
      }
      if (!isWalked && index >= end) break;
    }
    const { joins, leaves } = tally;
    const enrolments = hasSamePersons ? await forecast(tally.enrolling) : null;
    const next = joins + leaves > end ? end : null;
    return { joins, leaves, groups: tally.groups(plan.targets), enrolments, changes, next };
  };
}

/** A plan for people, with the target groups there are and the keys of those that enrol their members. */
export interface RegroupingPlan extends PeoplePlan {
  targets: readonly { key: number; memberCount: number }[];
  enrolling: readonly number[];
}

const TARGET = columnsOf(targetGroups, "t", ["key", "id", "name", "nameKey", "memberCount"]);
const ENROLLING = columnsOf(autoEnrolments, "a", ["targetGroupKey"]);
const GROUP = columnsOf(groups, "g", ["key", "displayName", "targetGroupKey"]);

/** Reads what decides who joins what by a mapping and grouping of a setting. */
export function selectRegroupingPlan(
  companyKey: number,
  setting: Pick<Setting, "key">,
  { mappings, groupSettings }: Proposal,
): Read<RegroupingPlan> {
  const read = together({
    commitNo: selectCommitNo(companyKey),
    fields: selectFields(companyKey),
    targets: selectAll(
      sql`SELECT ${TARGET.list} FROM target_groups t WHERE t.company_key = ${companyKey}`,
      TARGET.read,
    ),
    mirrored: selectAll(
      sql`SELECT ${GROUP.list} FROM groups g WHERE g.setting_key = ${setting.key} AND ${groupSettings.criteria} = 'idp'
        ORDER BY g.group_key`,
      GROUP.read,
    ),
    enrolling: selectAll(
      sql`SELECT DISTINCT ${ENROLLING.list} FROM auto_enrolments a WHERE a.company_key = ${companyKey}`,
      ENROLLING.read,
    ),
    // The table of the writer's follow-ups.
    pending: selectAll(
      sql`SELECT 1 FROM replans WHERE company_key = ${companyKey} AND scope_key = ${setting.key}
        UNION ALL SELECT 1 FROM companies WHERE company_key = ${companyKey} AND stored_form < ${PRESENT_FORM}`,
      () => null,
    ),
  });
  return {
    ...read,
    decode: (results) => {
      const { commitNo, fields, targets, mirrored, enrolling, pending } = read.decode(results);
      const names = new GroupNames(targets);
      // In the order in which the writer makes groups: one that is new is spelt as whoever comes first has it.
      const settings = resolveGroupSettings(groupSettings, targets, names);
      return {
        companyKey,
        commitNo,
        settingKey: setting.key,
        settings,
        mappings: compileMappings(mappings, fields),
        mirrors: planMirrors(mirrored, names),
        names,
        targets,
        enrolling: enrolling.map(({ targetGroupKey }) => targetGroupKey),
        hasCurrentColumns: pending.length === 0,
      };
    },
  };
}

/** What IdP groups mirror, or would: those whose names no target group can have mirror nothing. */
function planMirrors(found: readonly ReturnType<typeof GROUP.read>[], names: GroupNames): Map<number, Mirror> {
  const mirrors = new Map<number, Mirror>();
  for (const { key, displayName: groupName, targetGroupKey } of found)
    if (targetGroupKey !== null || canName(groupName, (name) => names.has(name)))
      mirrors.set(key, { groupKey: key, groupName, targetGroupKey: targetGroupKey ?? names.keyOf(groupName) });
  return mirrors;
}

/** The field that is to name groups, or null. */
function fieldOf({ criteria, field }: GroupSettingsInput): string | null {
  return criteria === "field" ? (field ?? null) : null;
}

function resolveGroupSettings(
  input: GroupSettingsInput,
  targets: readonly { key: number; id: string }[],
  names: GroupNames,
): GroupSettings {
  const byId = targets.find(({ id }) => id === input.targetGroupId)?.key ?? null;
  return {
    targetGroupKey: input.targetGroupName === undefined ? byId : names.keyOf(input.targetGroupName),
    targetGroupScope: input.targetGroupScope ?? "everyone",
    criteria: input.criteria,
    field: fieldOf(input),
  };
}
