import { deriveUser } from "../directory/derive-user.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import type { FollowUp, FollowUpKind, WriterSetting } from "./company-config.ts";
import { eraseDeliveries, hasFewDeliveries } from "./configure-webhooks.ts";
import { removeGroup } from "./delete-group.ts";
import { removeUser } from "./delete-user.ts";
import { countCompanyRows, eraseSome } from "./erase-company.ts";
import { dropMirror, ensureMirror } from "./mirror.ts";
import type { FollowUpOperation, FollowUpStep, Outcome } from "./operation.ts";
import { type Ref, refOf, splitRef } from "./references.ts";
import { mirrorsFromGroups, regroup } from "./regroup.ts";
import { releaseMirror } from "./release-mirror.ts";
import { runEach } from "./rows.ts";
import { rederiveUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";
import { isManaging } from "./target-user.ts";
import { forgetFields } from "./unmanaged-users.ts";
import type { Row, WorkingSet } from "./working-set.ts";

/** What there is to know of one kind of follow-up: each of its commits does one step and keeps its place. */
interface FollowUpRecord {
  /** Looks up what the next step is about. */
  readStep(d1: D1Database, followUp: FollowUp): Promise<FollowUpStep>;
  /** Wants what the step will read. */
  foresee(workingSet: WorkingSet, step: FollowUpStep): void;
  /** Does the step: what the rules now in force say of these users or groups. */
  run(scope: Scope, followUp: FollowUp, step: FollowUpStep): void;
  /** Its own row is not touched by its steps: the last of them takes it away with others. */
  erasesItself?: true;
}

/** A kind that goes through users or groups in the order of their keys. */
interface Walk {
  /**
   * The users or groups after a place, in order, as rows `k`, `setting_key` and `id`: `?1` is the subject's key, `?2` the
   * place, `?3` the size of a step. A row without an id is that of the last place that was looked at, where more follow.
   */
  sql: string;
  size: number;
  foresee(workingSet: WorkingSet, ref: Ref): void;
  runOne(scope: Scope, ref: Ref): void;
}

function walk({ sql, size, foresee, runOne }: Walk): FollowUpRecord {
  const read = async (d1: D1Database, subjectKey: number, after: number): Promise<FollowUpStep> => {
    const { results } = await d1.prepare(sql).bind(subjectKey, after, size).all<Row>();
    const found = results.filter(({ id }) => id !== null);
    const last = found.length === size ? found.at(-1) : results.find(({ id }) => id === null);
    const nextAfter = last === undefined ? null : Number(last.k);
    if (found.length === 0 && nextAfter !== null) return read(d1, subjectKey, nextAfter);
    return { refs: found.map((row) => refOf(Number(row.setting_key), String(row.id))), nextAfter };
  };
  return {
    readStep: (d1, { subjectKey, after }) => read(d1, subjectKey, after),
    foresee(workingSet, { refs }) {
      for (const ref of refs) foresee(workingSet, ref);
    },
    run(scope, _followUp, { refs }) {
      runEach(refs, (ref) => runOne(scope, ref));
    },
  };
}

/** Rows of a setting in the order of their company's keys; the plus keeps SQLite from reading and sorting all of them. */
function ofSetting(table: string, key: string): string {
  const first = `CAST(?1 / ${KEY_SPAN} AS INTEGER) * ${KEY_SPAN}`;
  return `SELECT ${key} AS k, setting_key, id FROM ${table}
    WHERE ${key} > max(?2, ${first}) AND ${key} < ${first} + ${KEY_SPAN} AND +setting_key = ?1 ORDER BY ${key} LIMIT ?3`;
}

const USERS = ofSetting("users", "user_key");
const GROUPS = ofSetting("groups", "group_key");
/** Memberships that one look-up goes through: few of them may be what is looked for. */
const WINDOW = 10_000;

/** Of the users that `keys` gives in their order (as `k`), those that a condition holds for, in windows. */
function among(keys: string, condition: string): string {
  const end = `(SELECT k FROM (${keys}) LIMIT 1 OFFSET ${WINDOW - 1})`;
  return `SELECT * FROM (SELECT w.k, u.setting_key, u.id FROM (${keys}) w CROSS JOIN users u ON u.user_key = w.k
      WHERE (w.k <= ${end} OR ${end} IS NULL) AND ${condition} LIMIT ?3)
    UNION ALL SELECT e.k, NULL, NULL FROM (SELECT ${end} AS k) e WHERE e.k IS NOT NULL`;
}

/** Members of a group who are not in its target group for its sake yet. */
const JOINERS = among(
  "SELECT user_key AS k FROM group_members WHERE group_key = ?1 AND user_key > ?2 ORDER BY user_key",
  `u.active = 1 AND NOT EXISTS (SELECT 1 FROM groups g CROSS JOIN target_group_members t
     ON t.target_group_key = g.target_group_key AND t.user_key = w.k AND t.kind = 'idp' AND t.source_key = g.group_key
     WHERE g.group_key = ?1)`,
);
/** Those who are in a target group for the sake of a group that they are no members of any more. */
const LEAVERS = among(
  "SELECT DISTINCT user_key AS k FROM target_group_members WHERE target_group_key = ?1 AND user_key > ?2 ORDER BY user_key",
  `EXISTS (SELECT 1 FROM target_group_members t WHERE t.target_group_key = ?1 AND t.user_key = w.k AND t.kind = 'idp'
     AND NOT EXISTS (SELECT 1 FROM group_members m WHERE m.group_key = t.source_key AND m.user_key = w.k))`,
);
const TARGET_MEMBERS = `SELECT DISTINCT t.user_key AS k, u.setting_key, u.id
  FROM target_group_members t CROSS JOIN users u ON u.user_key = t.user_key
  WHERE t.target_group_key = ?1 AND t.user_key > ?2 ORDER BY t.user_key LIMIT ?3`;

const wantUser = (workingSet: WorkingSet, ref: Ref) => workingSet.wantUser(ref);
/** What the target groups of a user depend on, its document aside. */
const wantMember = ({ users, groupsOf }: WorkingSet, ref: Ref) => {
  users.want(ref);
  groupsOf.want(ref);
};
const wantGroup = (workingSet: WorkingSet, ref: Ref) => workingSet.groups.want(ref);

/** What follows settled decisions, by kind. */
const FOLLOW_UPS: Record<FollowUpKind, FollowUpRecord> = {
  mirrorGroups: walk({ sql: GROUPS, size: 100, foresee: wantGroup, runOne: mirrorGroup }),
  regroupUsers: walk({ sql: USERS, size: 300, foresee: wantUser, runOne: regroupUser }),
  releaseMirrors: walk({ sql: GROUPS, size: 100, foresee: wantGroup, runOne: unmirrorGroup }),
  removeUsers: walk({
    sql: USERS,
    size: 100,
    foresee: wantUser,
    runOne: (scope, ref) => {
      const user = scope.workingSet.users.get(ref);
      if (user !== undefined) removeUser(scope, { ref, user });
    },
  }),
  removeGroups: walk({
    sql: GROUPS,
    size: 10,
    foresee: (workingSet, ref) => {
      workingSet.groups.want(ref);
      workingSet.subgroups.want(ref);
      workingSet.comparisons.want(workingSet.nobodyIn(ref));
    },
    runOne: (scope, ref) => onSetting(scope, ref, (setting) => removeGroup(scope, setting, ref)),
  }),
  enrolMembers: walk({
    sql: TARGET_MEMBERS,
    size: 500,
    foresee: (workingSet, ref) => workingSet.users.want(ref),
    runOne: (scope, ref) => {
      const user = scope.workingSet.users.get(ref);
      if (user !== undefined) scope.touchPerson(user);
    },
  }),
  moveMembers: walk({ sql: JOINERS, size: 300, foresee: wantMember, runOne: moveMember }),
  removeLeavers: walk({ sql: LEAVERS, size: 300, foresee: wantMember, runOne: moveMember }),
  releaseMirror: {
    readStep: async () => ({ refs: [], nextAfter: null }),
    foresee: (workingSet) => workingSet,
    run: (scope, { subjectKey }) => releaseMirror(scope, subjectKey),
  },
  eraseDeliveries: {
    // What is left of deliveries is found by looking: the place says only whether there is another step.
    readStep: async (d1, { subjectKey }) => ({
      refs: [],
      nextAfter: (await hasFewDeliveries(d1, subjectKey)) ? null : 0,
    }),
    foresee: (workingSet) => workingSet,
    run: (scope, { subjectKey }) => eraseDeliveries(scope, subjectKey),
  },
  eraseCompany: {
    readStep: async (d1, { subjectKey }) => ({
      refs: [],
      nextAfter: null,
      counts: await countCompanyRows(d1, subjectKey),
    }),
    foresee: (workingSet) => workingSet,
    run: (scope, _followUp, { counts = [] }) => eraseSome(scope, counts),
    erasesItself: true,
  },
};

/** Looks up what the next step of a follow-up is about. */
export function readFollowUpStep(d1: D1Database, followUp: FollowUp): Promise<FollowUpStep> {
  return FOLLOW_UPS[followUp.kind].readStep(d1, followUp);
}

/** Wants what a step will read. */
export function foreseeFollowUp(workingSet: WorkingSet, { followUp, step }: FollowUpOperation): void {
  FOLLOW_UPS[followUp.kind].foresee(workingSet, step);
}

/** Does a step and keeps the place of the next, or takes the follow-up off the list. */
export function runFollowUp(scope: Scope, { followUp, step }: FollowUpOperation): Outcome {
  const { workingSet } = scope;
  // Another writer may have done the rest of it meanwhile.
  if (!workingSet.config.followUps.some(({ key }) => key === followUp.key)) return { kind: "done" };
  const { run, erasesItself } = FOLLOW_UPS[followUp.kind];
  run(scope, followUp, step);
  if (erasesItself) return { kind: "done" };
  if (step.nextAfter === null) workingSet.execute("DELETE FROM replans WHERE replan_key = ?", [followUp.key]);
  else workingSet.execute("UPDATE replans SET after_user_key = ? WHERE replan_key = ?", [step.nextAfter, followUp.key]);
  return { kind: "done" };
}

/** Of the rules of a deleted setting nothing is done: those whom it left stay as they stand. */
function onLiveSetting(scope: Scope, ref: Ref, run: (setting: WriterSetting) => void): void {
  onSetting(scope, ref, (setting) => {
    if (isManaging(setting)) run(setting);
  });
}

function onSetting({ workingSet }: Scope, ref: Ref, run: (setting: WriterSetting) => void): void {
  const setting = workingSet.config.settingsByKey.get(splitRef(ref)[0]);
  if (setting !== undefined) run(setting);
}

function mirrorGroup(scope: Scope, ref: Ref): void {
  onLiveSetting(scope, ref, (setting) => ensureMirror(scope, setting, ref));
}

function regroupUser(scope: Scope, ref: Ref): void {
  const user = scope.workingSet.users.get(ref);
  const text = scope.workingSet.documents.get(ref);
  if (user === undefined || text === undefined) return;
  const document = parseDocument(text);
  onSetting(scope, ref, (setting) => {
    if (isManaging(setting))
      rederiveUser(scope, setting, { ref, user }, deriveUser(document, setting.compiledMappings, user));
    else forgetFields(scope, setting, ref);
  });
}

/** Puts a user into the target groups that its memberships give, and takes it out of the others. */
function moveMember(scope: Scope, ref: Ref): void {
  const user = scope.workingSet.users.get(ref);
  if (user === undefined) return;
  onLiveSetting(scope, ref, (setting) => regroup(scope, ref, user, setting, mirrorsFromGroups(scope, ref)));
}

/** The groups of a deleted setting, or of one that does not synchronise groups any more, mirror nothing. */
function unmirrorGroup(scope: Scope, ref: Ref): void {
  const group = scope.workingSet.groups.get(ref);
  onSetting(scope, ref, (setting) => {
    const isSynchronised = isManaging(setting) && setting.groupSettings.criteria === "idp";
    if (group !== undefined && !isSynchronised) dropMirror(scope, ref, group);
  });
}
