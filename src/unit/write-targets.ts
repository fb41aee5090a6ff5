import type { Reason } from "../grouping/target-group.ts";
import { addToRows, deleteRows, insertRows, updateRows } from "./row-statements.ts";
import { type Enrolment, type Statement, sourceOf, type UnitOfWork } from "./unit-of-work.ts";
import { freeNames } from "./write-directory.ts";

const REASON_KEY = ["target_group_key", "user_key", "kind", "setting_key", "source_key"];

/** The statements for target groups, their members' reasons and counts, and enrolments. */
export function planTargetRows(unit: UnitOfWork): Statement[] {
  const { companyKey } = unit.config;
  const groups = unit.targetGroups.changes();
  const renamed = groups.filter(({ before, after }) => before && after && before.nameKey !== after.nameKey);
  return [
    ...deleteRows(
      "target_groups",
      ["target_group_key"],
      groups.filter(({ before, after }) => before && !after).map(({ key }) => [key]),
    ),
    ...freeNames(
      "target_groups",
      "target_group_key",
      "name_key",
      renamed.map(({ key }) => key),
    ),
    ...updateRows(
      "target_groups",
      "target_group_key",
      ["name", "name_key", "source", "kept_as"],
      groups.flatMap(({ before, after }) =>
        before && after ? [[after.key, after.name, after.nameKey, after.source, after.keptAs]] : [],
      ),
    ),
    ...insertRows(
      "target_groups",
      ["target_group_key", "company_key", "id", "name", "name_key", "source", "kept_as", "created_at"],
      groups.flatMap(({ before, after }) =>
        !before && after
          ? [[after.key, companyKey, after.id, after.name, after.nameKey, after.source, after.keptAs, after.createdAt]]
          : [],
      ),
    ),
    ...planAutoEnrolments(unit),
    ...planReasons(unit),
    ...planEnrolmentRows(unit),
  ];
}

/** What a target group enrols its members in is replaced as a whole. */
function planAutoEnrolments({ autoEnrolments, config: { companyKey }, now }: UnitOfWork): Statement[] {
  const changed = autoEnrolments.changes();
  return [
    ...deleteRows(
      "auto_enrolments",
      ["company_key", "target_group_key"],
      changed.filter(({ before = [] }) => before.length > 0).map(({ key }) => [companyKey, key]),
    ),
    ...insertRows(
      "auto_enrolments",
      ["company_key", "target_group_key", "kind", "item_id", "name", "created_at"],
      changed.flatMap(({ key, after = [] }) =>
        after.map(({ kind, itemId, name }) => [companyKey, key, kind, itemId, name, now]),
      ),
    ),
  ];
}

function planReasons(unit: UnitOfWork): Statement[] {
  const added: (string | number | null)[][] = [];
  const gone: (string | number)[][] = [];
  const counts = new Map<number, number>();
  for (const { key, before = [], after = [] } of unit.reasons.changes()) {
    const user = unit.users.get(key) ?? unit.users.before(key);
    if (user === undefined) continue;
    const identity = (reason: Reason) => `${reason.targetGroupKey} ${sourceOf(reason)}`;
    const held = new Map(before.map((reason) => [identity(reason), reason]));
    const wanted = new Map(after.map((reason) => [identity(reason), reason]));
    for (const [id, reason] of wanted)
      if (held.get(id) !== reason) added.push([reason.targetGroupKey, user.key, ...reasonValues(reason)]);
    for (const [id, reason] of held)
      if (wanted.get(id) !== reason)
        gone.push([reason.targetGroupKey, user.key, reason.kind, reason.settingKey, reason.sourceKey]);
    const groupsBefore = new Set(before.map((reason) => reason.targetGroupKey));
    const groupsAfter = new Set(after.map((reason) => reason.targetGroupKey));
    for (const group of groupsAfter) if (!groupsBefore.has(group)) counts.set(group, (counts.get(group) ?? 0) + 1);
    for (const group of groupsBefore) if (!groupsAfter.has(group)) counts.set(group, (counts.get(group) ?? 0) - 1);
  }
  const columns = [
    "target_group_key",
    "user_key",
    "kind",
    "setting_key",
    "source_key",
    "detail",
    "request_id",
    "added_at",
  ];
  return [
    ...deleteRows("target_group_members", REASON_KEY, gone),
    ...insertRows("target_group_members", columns, added),
    ...addToRows(
      "target_groups",
      "target_group_key",
      ["member_count"],
      [...counts].filter(([, by]) => by !== 0),
    ),
  ];
}

function reasonValues(reason: Reason): (string | number | null)[] {
  return [reason.kind, reason.settingKey, reason.sourceKey, reason.detail, reason.requestId, reason.addedAt];
}

function planEnrolmentRows({ enrolments, config, now }: UnitOfWork): Statement[] {
  const before = new Map<number, Enrolment>();
  const after = new Map<number, Enrolment>();
  for (const change of enrolments.changes()) {
    for (const enrolment of change.before ?? []) before.set(enrolment.key, enrolment);
    for (const enrolment of change.after ?? []) after.set(enrolment.key, enrolment);
  }
  const columns = ["person_key", "user_key", "user_id", "name"];
  const values = ({ personKey, userKey, userId, name }: Enrolment) => [personKey, userKey, userId, name];
  const withdrawn = [...before.keys()].filter((key) => !after.has(key));
  const changed = [...after.values()].filter(({ key }) => before.has(key) && before.get(key) !== after.get(key));
  return [
    ...updateRows(
      "enrolments",
      "enrolment_key",
      ["status", "withdrawn_at"],
      withdrawn.map((key) => [key, "withdrawn", now]),
    ),
    ...freeNames(
      "enrolments",
      "enrolment_key",
      "person_key",
      changed.filter(({ key, personKey }) => before.get(key)?.personKey !== personKey).map(({ key }) => key),
    ),
    ...updateRows(
      "enrolments",
      "enrolment_key",
      columns,
      changed.map((enrolment) => [enrolment.key, ...values(enrolment)]),
    ),
    ...insertRows(
      "enrolments",
      ["enrolment_key", "company_key", "id", "kind", "item_id", "status", "started_at", "request_id", ...columns],
      [...after.values()]
        .filter((enrolment) => !before.has(enrolment.key))
        .map((enrolment) => [
          enrolment.key,
          config.companyKey,
          enrolment.id,
          enrolment.kind,
          enrolment.itemId,
          "active",
          enrolment.startedAt,
          enrolment.requestId,
          ...values(enrolment),
        ]),
    ),
  ];
}
