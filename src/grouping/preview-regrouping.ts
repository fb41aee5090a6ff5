import { compileMappings } from "../directory/derive-user-fields.ts";
import { groups, targetGroups } from "../directory/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { PRESENT_FORM } from "../platform/stored-forms.ts";
import { selectFields } from "../settings/field-store.ts";
import type { FieldMapping, GroupSettings, GroupSettingsInput, Setting } from "../settings/setting.ts";
import { canName, type Mirror } from "./plan-groups.ts";
import { GroupNames, type Move } from "./preview-moves.ts";
import {
  findStored,
  type Mover,
  type PeoplePlan,
  planKinds,
  selectCommitNo,
  selectProfiles,
  walkEach,
  walkKinds,
} from "./preview-profile-store.ts";

/** One person who would join or leave a target group. */
interface PreviewedChange extends Move {
  userId: string;
  userName: string;
}

/** What a change of mapping and grouping would do: the counts of all, and one page of them. */
export interface Preview {
  joins: number;
  leaves: number;
  changes: PreviewedChange[];
  /** How many changes come before the next page's; null on the last. */
  next: number | null;
}

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
 * What decides about users has few values among many of them: while the database holds it, each value is planned once,
 * and only the page's people are read. Where the grouping field would be read from elsewhere, every user is planned, each
 * by what held when it was read.
 */
export async function previewRegrouping(
  database: Database,
  companyKey: number,
  setting: Setting,
  proposal: Proposal,
  page: PreviewPage,
): Promise<Preview> {
  const select = selectPlan(companyKey, setting, proposal);
  const field = fieldOf(proposal.groupSettings);
  const stored = findStored(field, setting.mappings, proposal.mappings);
  if (stored === null) return listMoves(walkEach(database, select, await runRead(database, select)), page, null);
  const profiles = selectProfiles({ companyKey, settingKey: setting.key, ...proposal.groupSettings }, stored);
  for (let attempt = 1; ; attempt += 1) {
    const { plan, found } = await runRead(database, together({ plan: select, found: profiles }));
    // The columns lag behind while a change of the mapping is being applied.
    const kinds = plan.hasCurrentColumns ? planKinds(found, plan, stored) : null;
    if (kinds === null) return listMoves(walkEach(database, select, plan), page, null);
    const preview = await listMoves(walkKinds(database, plan, stored, kinds), page, kinds);
    // People are listed after they are counted: where others wrote in between, both are done again.
    const isOfOneMoment = (await runRead(database, selectCommitNo(companyKey))) === plan.commitNo;
    if (isOfOneMoment || attempt === MOST_ATTEMPTS) return preview;
  }
}

/** Counts the moves, those of `known` kinds without walking, and lists the page's. */
async function listMoves(
  movers: AsyncGenerator<Mover>,
  { limit, start }: PreviewPage,
  known: readonly { moves: readonly Move[]; people: number }[] | null,
): Promise<Preview> {
  const preview: Preview = { joins: 0, leaves: 0, changes: [], next: null };
  for (const { moves, people } of known ?? []) countMoves(preview, moves, people);
  const end = start + limit;
  let index = 0;
  for await (const { moves, ...about } of movers) {
    if (known === null) countMoves(preview, moves, 1);
    for (const move of moves) {
      if (index >= start && index < end) preview.changes.push({ ...about, ...move });
      index += 1;
    }
    if (known !== null && index >= end) break;
  }
  if (preview.joins + preview.leaves > end) preview.next = end;
  return preview;
}

function countMoves(preview: Preview, moves: readonly Move[], people: number): void {
  for (const { action } of moves) preview[action === "join" ? "joins" : "leaves"] += people;
}

const TARGET = columnsOf(targetGroups, "t", ["key", "id", "name", "nameKey"]);
const GROUP = columnsOf(groups, "g", ["key", "displayName", "targetGroupKey"]);

function selectPlan(companyKey: number, setting: Setting, { mappings, groupSettings }: Proposal): Read<PeoplePlan> {
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
      const { commitNo, fields, targets, mirrored, pending } = read.decode(results);
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
