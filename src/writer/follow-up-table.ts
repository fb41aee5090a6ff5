import { BREATH, LONG_BREATH } from "../platform/clock.ts";
import { sql } from "../platform/sql.ts";
import type { FollowUp, FollowUpKind } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { carryOut, expire } from "./carry-out-hold-decision.ts";
import { leaveTargetGroup } from "./change-target-groups.ts";
import { eraseDeliveries, hasFewDeliveries } from "./configure-webhooks.ts";
import { countCompanyRows, eraseSome } from "./erase-company.ts";
import type { FollowUpOperation, FollowUpStep } from "./follow-up.ts";
import {
  among,
  type FollowUpRecord,
  type FollowUpRules,
  type FollowUpWork,
  ofSetting,
  type SelectStep,
  walk,
  withEach,
} from "./follow-up-record.ts";
import { GO_LIVE, REMOVE_SHADOW } from "./go-live.ts";
import { removeGroup } from "./group-operations.ts";
import { deciding, EXPIRED, HELD, UNDO, wantUser } from "./hold-decision-steps.ts";
import { eraseKeys, hasFewKeys, indexUsers, withinDocumentBytes } from "./manage-attribute-indexes.ts";
import type { Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { mirrorGroup, moveMember, onSetting, reapplyRulesToUser, unmirrorGroup } from "./reapply-rules.ts";
import { RESTORE } from "./restore-stopped-item.ts";
import { AT_END, keepPlace } from "./retry-refused-follow-ups.ts";
import { removeUnusedMirror } from "./review-unfed-target-groups.ts";
import { removeUser } from "./user-operations.ts";

const USERS = ofSetting(sql`users`, sql`user_key`);
/** The users of an index's setting: as many as their documents are not too long for. */
const INDEXED = withinDocumentBytes(
  ofSetting(
    sql`users`,
    sql`user_key`,
    (indexKey) => sql`+setting_key = (SELECT setting_key FROM attribute_indexes WHERE index_key = ${indexKey})`,
  ),
);
const GROUPS = ofSetting(sql`groups`, sql`group_key`);
/** Members of a group who are not in its target group for its sake yet, or are there by a mark alone. */
const JOINERS = among(
  ({ subjectKey, after }) =>
    sql`SELECT user_key AS k FROM group_members WHERE group_key = ${subjectKey} AND user_key > ${after} ORDER BY user_key`,
  (groupKey) => sql`u.active = 1 AND NOT EXISTS (SELECT 1 FROM groups g CROSS JOIN target_group_members t
    ON t.target_group_key = g.target_group_key AND t.user_key = w.k AND t.kind = 'idp' AND t.source_key = g.group_key
      AND t.held_by IS NULL
    WHERE g.group_key = ${groupKey})`,
);
/** Those who are in a target group for the sake of a group that they are no members of any more. */
const LEAVERS = among(
  ({ subjectKey, after }) => sql`SELECT DISTINCT user_key AS k FROM target_group_members
    WHERE target_group_key = ${subjectKey} AND user_key > ${after} ORDER BY user_key`,
  (targetGroupKey) => sql`EXISTS (SELECT 1 FROM target_group_members t
    WHERE t.target_group_key = ${targetGroupKey} AND t.user_key = w.k AND t.kind = 'idp'
      AND NOT EXISTS (SELECT 1 FROM group_members m WHERE m.group_key = t.source_key AND m.user_key = w.k))`,
);
const TARGET_MEMBERS: SelectStep = ({ subjectKey, after }, size) => sql`
  SELECT DISTINCT t.user_key AS k, u.setting_key, u.id
  FROM target_group_members t CROSS JOIN users u ON u.user_key = t.user_key
  WHERE t.target_group_key = ${subjectKey} AND t.user_key > ${after} ORDER BY t.user_key LIMIT ${size}`;

const wantDocument = ({ users, documents }: UnitOfWork, ref: Ref) => {
  users.want(ref);
  documents.want(ref);
};
/** What the target groups of a user depend on, its document aside. */
const wantMember = ({ users, groupsOf, brakes }: UnitOfWork, ref: Ref) => {
  brakes.want(splitRef(ref)[0]);
  users.want(ref);
  groupsOf.want(ref);
};
const wantGroup = (unit: UnitOfWork, ref: Ref) => unit.groups.want(ref);
const nothing = () => {};

/** Work of which what is left is found by looking: the place says only whether there is another step. */
const untilFew =
  (hasFew: (d1: D1Database, subjectKey: number) => Promise<boolean>): FollowUpWork["readStep"] =>
  async (d1, { subjectKey }) => ({ refs: [], nextAfter: (await hasFew(d1, subjectKey)) ? null : 0 });

/** What holds of most work, and of that which takes away what was deleted, or may still add to a hold. */
const ORDINARY: FollowUpRules = { isRemoving: false, isInOrder: false, addsToHolds: false, breath: BREATH };
const REMOVING: FollowUpRules = { ...ORDINARY, isRemoving: true };
const ADDING_TO_HOLDS: FollowUpRules = { ...ORDINARY, addsToHolds: true };

/** What follows committed decisions, by kind: each says which rules hold of it. */
const FOLLOW_UPS: Record<FollowUpKind, FollowUpRecord> = {
  mirrorGroups: {
    ...ORDINARY,
    ...walk({ select: GROUPS, size: 100, foresee: wantGroup }),
    run: withEach(mirrorGroup),
  },
  regroupUsers: {
    ...ORDINARY,
    ...walk({ select: USERS, size: 300, foresee: wantUser }),
    run: withEach(reapplyRulesToUser),
  },
  releaseMirrors: {
    ...ORDINARY,
    ...walk({ select: GROUPS, size: 100, foresee: wantGroup }),
    run: withEach(unmirrorGroup),
  },
  removeUsers: {
    ...REMOVING,
    ...walk({
      select: USERS,
      size: 100,
      foresee: wantUser,
    }),
    run: withEach((context, ref) => {
      const user = context.unit.users.get(ref);
      if (user !== undefined) removeUser(context, { ref, user });
    }),
  },
  removeGroups: {
    ...REMOVING,
    ...walk({
      select: GROUPS,
      size: 10,
      foresee: (unit, ref) => {
        unit.groups.want(ref);
        unit.subgroups.want(ref);
        unit.comparisons.want(unit.nobodyIn(ref));
      },
    }),
    run: withEach((context, ref) => onSetting(context, ref, (setting) => removeGroup(context, setting, ref))),
  },
  enrolMembers: {
    ...ORDINARY,
    ...walk({
      select: TARGET_MEMBERS,
      size: 500,
      foresee: (unit, ref) => unit.users.want(ref),
    }),
    run: withEach((context, ref) => {
      const user = context.unit.users.get(ref);
      if (user !== undefined) context.touchPerson(user);
    }),
  },
  restoreItem: { ...ORDINARY, ...RESTORE },
  emptyTargetGroup: {
    ...ORDINARY,
    ...walk({ select: TARGET_MEMBERS, size: 300, foresee: wantMember }),
    run: (context, followUp, { refs }) => runEach(refs, (ref) => leaveTargetGroup(context, ref, followUp.subjectKey)),
  },
  moveMembers: {
    ...ADDING_TO_HOLDS,
    ...walk({ select: JOINERS, size: 300, foresee: wantMember }),
    run: withEach(moveMember),
  },
  removeLeavers: {
    ...ADDING_TO_HOLDS,
    ...walk({ select: LEAVERS, size: 300, foresee: wantMember }),
    run: withEach(moveMember),
  },
  releaseMirror: {
    ...ORDINARY,
    readStep: async () => ({ refs: [], nextAfter: null }),
    foresee: nothing,
    run: (context, { subjectKey }) => removeUnusedMirror(context, subjectKey),
  },
  goLive: { ...ORDINARY, isInOrder: true, ...GO_LIVE },
  removeShadow: { ...REMOVING, ...REMOVE_SHADOW },
  decideHold: {
    ...ORDINARY,
    ...deciding(HELD, carryOut),
  },
  expireHeld: {
    ...ORDINARY,
    ...deciding(EXPIRED, expire),
  },
  undoHold: { ...ORDINARY, ...UNDO },
  eraseDeliveries: {
    ...REMOVING,
    readStep: untilFew(hasFewDeliveries),
    foresee: nothing,
    run: (context, { subjectKey }) => eraseDeliveries(context, subjectKey),
  },
  indexUsers: {
    ...ORDINARY,
    breath: LONG_BREATH,
    ...walk({ select: INDEXED, size: 100, foresee: wantDocument }),
    run: (context, { subjectKey }, { refs, nextAfter, leftOut }) =>
      indexUsers(context, subjectKey, { refs, isLast: nextAfter === null && leftOut.length === 0 }),
  },
  eraseKeys: {
    ...REMOVING,
    readStep: untilFew(hasFewKeys),
    foresee: nothing,
    run: (context, { subjectKey }) => eraseKeys(context, subjectKey),
  },
  eraseCompany: {
    ...REMOVING,
    // It never comes to its end: the last of its steps takes its row away with others.
    readStep: async (d1, { subjectKey, after: nextAfter }) => {
      const counts = await countCompanyRows(d1, subjectKey);
      // What is left then waits for webhooks that have yet to tell of it: looked at again after a rest.
      if (counts.every((count) => count === 0)) return { refs: [], nextAfter, refusal: "busy", rests: true };
      return { refs: [], nextAfter, counts };
    },
    foresee: nothing,
    run: (context, _followUp, { counts = [] }) => eraseSome(context, counts),
  },
};

/** Looks up what the next step of a follow-up is about: once it has been through everybody, those whom it left out. */
export async function readFollowUpStep(d1: D1Database, followUp: FollowUp): Promise<FollowUpStep> {
  const { kind, after, leftOut } = followUp;
  if (after === AT_END) return { refs: leftOut, nextAfter: null, leftOut: [] };
  return { ...(await FOLLOW_UPS[kind].readStep(d1, followUp)), leftOut };
}

/** What holds of all work of its kind. */
export function rulesOf({ kind }: FollowUp): FollowUpRules {
  return FOLLOW_UPS[kind];
}

/** Wants what a step will read. */
export function foreseeFollowUp(unit: UnitOfWork, { followUp, step }: FollowUpOperation): void {
  if (step.rests === undefined) FOLLOW_UPS[followUp.kind].foresee(unit, step);
}

/** Does a step and keeps the place of the next, or takes the follow-up off the list once nobody is left out. */
export function runFollowUp(context: OperationContext, { followUp, step }: FollowUpOperation): Outcome {
  const { unit } = context;
  // Another writer may have done the rest of it meanwhile.
  if (!unit.config.followUps.some(({ key }) => key === followUp.key)) return { kind: "done" };
  if (step.rests === undefined) {
    FOLLOW_UPS[followUp.kind].run(context, followUp, step);
    if (step.nextAfter === null) context.endingFollowUp = followUp.key;
  }
  keepPlace(unit, followUp, step);
  return { kind: "done" };
}
