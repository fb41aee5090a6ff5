import { compileMappings } from "../directory/derive-user.ts";
import type { Database } from "../platform/database.ts";
import { listFields } from "../settings/field-store.ts";
import type { FieldMapping, GroupSettings, GroupSettingsInput, Setting } from "../settings/setting.ts";
import type { Mirror } from "./plan-groups.ts";
import { GroupNames, type Move } from "./plan-moves.ts";
import { findStored, type Mover, type PeoplePlan, readKinds, walkEach, walkKinds } from "./profile-store.ts";

/** One person who would join or leave a target group. */
export interface PreviewedChange extends Move {
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

/**
 * Who would join and leave which target group if a setting's mapping and grouping were changed, by the plan that the
 * writer itself applies, in the order of the users. Nothing is written.
 *
 * What decides about users has few values among many of them: while the database holds it, each value is planned once,
 * and only the page's people are read. Where the grouping field would be read from elsewhere, every user is planned.
 */
export async function previewRegrouping(
  database: Database,
  companyKey: number,
  setting: Setting,
  proposal: Proposal,
  page: PreviewPage,
): Promise<Preview> {
  const { d1 } = database;
  const { isSettled, ...plan } = await readPlan(d1, companyKey, setting, proposal.groupSettings);
  // The columns lag behind while a change of the mapping is being applied.
  const stored = isSettled ? findStored(plan.settings.field, setting.mappings, proposal.mappings) : null;
  const kinds = stored === null ? null : await readKinds(d1, plan, stored);
  if (stored !== null && kinds !== null) return listMoves(walkKinds(d1, plan, stored, kinds), page, kinds);
  const mappings = compileMappings(proposal.mappings, await listFields(database, companyKey));
  return listMoves(walkEach(d1, plan, mappings), page, null);
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

async function readPlan(
  d1: D1Database,
  companyKey: number,
  setting: Setting,
  input: GroupSettingsInput,
): Promise<PeoplePlan & { isSettled: boolean }> {
  interface Named {
    key: number;
    id: string;
    name: string;
    targetKey: number | null;
  }
  const [targets = [], groups = [], pending = []] = (
    await d1.batch<Named>([
      d1.prepare("SELECT target_group_key AS key, id, name FROM target_groups WHERE company_key = ?").bind(companyKey),
      d1
        .prepare(
          `SELECT group_key AS key, id, display_name AS name, target_group_key AS targetKey FROM groups
           WHERE setting_key = ? AND ? = 'idp'`,
        )
        .bind(setting.key, input.criteria),
      d1.prepare("SELECT 1 FROM replans WHERE company_key = ? AND scope_key = ?").bind(companyKey, setting.key),
    ])
  ).map(({ results }) => results);
  const names = new GroupNames(targets);
  const mirrors = groups.map(({ key, name, targetKey }): [number, Mirror] => [
    key,
    { groupKey: key, groupName: name, targetGroupKey: targetKey ?? names.keyOf(name) },
  ]);
  return {
    companyKey,
    settingKey: setting.key,
    settings: settle(input, targets, names),
    mirrors: new Map(mirrors),
    names,
    isSettled: pending.length === 0,
  };
}

function settle(
  input: GroupSettingsInput,
  targets: readonly { key: number; id: string }[],
  names: GroupNames,
): GroupSettings {
  const byId = targets.find(({ id }) => id === input.targetGroupId)?.key ?? null;
  return {
    targetGroupKey: input.targetGroupName === undefined ? byId : names.keyOf(input.targetGroupName),
    targetGroupScope: input.targetGroupScope ?? "everyone",
    criteria: input.criteria,
    field: input.criteria === "field" ? (input.field ?? null) : null,
  };
}
