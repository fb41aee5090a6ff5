import { AUTO_ENROLMENT, ENROLMENT, REASON, TARGET_GROUP } from "../directory/tables.ts";
import type { Reason, TargetGroup } from "../grouping/target-group.ts";
import { namesOf, omit, pick, valuesOfRow } from "../platform/columns.ts";
import type { Sql } from "../platform/sql.ts";
import type { Enrolment } from "./enrolment-and-brake-rows.ts";
import { freeNamesBeforeWriting } from "./free-names-before-writing.ts";
import type { Changed } from "./loaded-and-changed-rows.ts";
import { addToRows, deleteRows, insertRows, updateRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import { memberDifferences, reasonSource } from "./unit-rows.ts";
import { planProgressRows } from "./write-progress.ts";

/** What a target group changes of its row. */
const TARGET_GROUP_COLUMNS = pick(TARGET_GROUP, "name", "nameKey", "source", "keptAs");
/** What one that is made brings; its members are counted as they join. */
const MADE = omit(TARGET_GROUP, "memberCount");
/** What an enrolment changes of its row: whose it is, what its item is called, and whether it is given still. */
const HOLDER = pick(ENROLMENT, "personKey", "userKey", "userId", "name", "given");
const REASON_ROW = ["user_key", ...namesOf(REASON)];
const REASON_KEY = ["target_group_key", "user_key", "kind", "setting_key", "source_key"];

/** The statements for target groups, their members' reasons and counts, and enrolments. */
export function planTargetRows(unit: UnitOfWork): Sql[] {
  const groups = unit.targetGroups.differences();
  const counts = memberDifferences(unit);
  const made = new Set(groups.flatMap(({ key, before, after }) => (!before && after ? [key] : [])));
  return [
    ...planTargetGroups(unit, groups, counts),
    ...planAutoEnrolments(unit),
    ...planReasons(unit),
    ...addToRows(
      "target_groups",
      "target_group_key",
      "member_count",
      [...counts].filter(([key]) => !made.has(key)),
    ),
    ...planProgressRows(unit),
    ...planEnrolmentRows(unit),
  ];
}

function planTargetGroups(
  { config: { companyKey } }: UnitOfWork,
  groups: readonly Changed<number, TargetGroup>[],
  counts: ReadonlyMap<number, number>,
): Sql[] {
  if (groups.length === 0) return [];
  const renamed = groups.filter(({ before, after }) => before && after && before.nameKey !== after.nameKey);
  const gone = groups.filter(({ before, after }) => before && !after);
  return [
    ...deleteRows(
      "target_groups",
      ["target_group_key"],
      gone.map(({ key }) => [key]),
    ),
    ...deleteRows(
      "stopped_items",
      ["company_key", "target_group_key"],
      gone.map(({ key }) => [companyKey, key]),
    ),
    ...freeNamesBeforeWriting(
      "target_groups",
      "target_group_key",
      "name_key",
      renamed.map(({ key }) => key),
    ),
    ...updateRows(
      "target_groups",
      "target_group_key",
      namesOf(TARGET_GROUP_COLUMNS),
      groups.flatMap(({ before, after }) =>
        before && after ? [[after.key, ...valuesOfRow(TARGET_GROUP_COLUMNS, after)]] : [],
      ),
    ),
    ...insertRows(
      "target_groups",
      ["company_key", "member_count", ...namesOf(MADE)],
      groups.flatMap(({ before, after }) =>
        !before && after ? [[companyKey, counts.get(after.key) ?? 0, ...valuesOfRow(MADE, after)]] : [],
      ),
    ),
  ];
}

/** What a target group enrols its members in is replaced as a whole. */
function planAutoEnrolments({ autoEnrolments, config: { companyKey }, now }: UnitOfWork): Sql[] {
  const changed = autoEnrolments.differences();
  if (changed.length === 0) return [];
  return [
    ...deleteRows(
      "auto_enrolments",
      ["company_key", "target_group_key"],
      changed.filter(({ before = [] }) => before.length > 0).map(({ key }) => [companyKey, key]),
    ),
    ...insertRows(
      "auto_enrolments",
      ["company_key", "target_group_key", "created_at", ...namesOf(AUTO_ENROLMENT)],
      changed.flatMap(({ key, after = [] }) =>
        after.map(({ dueInDays = null, reenrol = null, ...item }) => [
          ...[companyKey, key, now],
          ...valuesOfRow(AUTO_ENROLMENT, { ...item, dueInDays, reenrol }),
        ]),
      ),
    ),
  ];
}

function planReasons(unit: UnitOfWork): Sql[] {
  const added: (string | number | null)[][] = [];
  const gone: (string | number)[][] = [];
  for (const { key, before = [], after = [] } of unit.reasons.differences()) {
    const user = unit.users.get(key) ?? unit.users.before(key);
    if (user === undefined) continue;
    const identity = (reason: Reason) => `${reason.targetGroupKey} ${reasonSource(reason)}`;
    const reasonsBefore = new Map(before.map((reason) => [identity(reason), reason]));
    const reasonsAfter = new Map(after.map((reason) => [identity(reason), reason]));
    for (const [id, reason] of reasonsAfter)
      if (reasonsBefore.get(id) !== reason) added.push([user.key, ...valuesOfRow(REASON, reason)]);
    for (const [id, reason] of reasonsBefore)
      if (reasonsAfter.get(id) !== reason)
        gone.push([reason.targetGroupKey, user.key, reason.kind, reason.settingKey, reason.sourceKey]);
  }
  return [
    ...deleteRows("target_group_members", REASON_KEY, gone),
    ...insertRows("target_group_members", REASON_ROW, added),
  ];
}

function planEnrolmentRows({ enrolments, namedEnrolments, withdrawals, config, now }: UnitOfWork): Sql[] {
  if (enrolments.differences().length + withdrawals.length === 0) return [];
  const before = new Map<number, Enrolment>();
  for (const { before: named } of namedEnrolments.differences()) if (named !== undefined) before.set(named.key, named);
  const after = new Map<number, Enrolment>();
  for (const change of enrolments.differences()) {
    for (const enrolment of change.before ?? []) before.set(enrolment.key, enrolment);
    for (const enrolment of change.after ?? []) after.set(enrolment.key, enrolment);
  }
  const ended = withdrawals.filter(({ key }) => !after.has(key));
  const isNew = ({ key }: Enrolment) => !before.has(key);
  const withdrawn = ended.filter((enrolment) => !isNew(enrolment));
  const changed = [...withdrawn, ...after.values()].filter(
    (enrolment) => !isNew(enrolment) && before.get(enrolment.key) !== enrolment,
  );
  return [
    ...updateRows(
      "enrolments",
      "enrolment_key",
      ["status", "withdrawn_at"],
      withdrawn.map(({ key }) => [key, "withdrawn", now]),
    ),
    ...freeNamesBeforeWriting(
      "enrolments",
      "enrolment_key",
      "person_key",
      changed.filter(({ key, personKey }) => before.get(key)?.personKey !== personKey).map(({ key }) => key),
    ),
    // Of a person's enrolments in one item one at most is the present one: what is so no more goes first.
    ...[changed.filter(({ given }) => !given), changed.filter(({ given }) => given)].flatMap((rows) =>
      updateRows(
        "enrolments",
        "enrolment_key",
        namesOf(HOLDER),
        rows.map((enrolment) => [enrolment.key, ...valuesOfRow(HOLDER, enrolment)]),
      ),
    ),
    ...insertRows(
      "enrolments",
      ["company_key", ...namesOf(ENROLMENT)],
      [
        ...[...after.values()].filter(isNew),
        ...ended.filter(isNew).map((enrolment) => ({ ...enrolment, status: "withdrawn" as const, withdrawnAt: now })),
      ].map((enrolment) => [config.companyKey, ...valuesOfRow(ENROLMENT, enrolment)]),
    ),
  ];
}
