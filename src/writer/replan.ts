import { deriveUser } from "../directory/derive-user.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import type { PendingReplan, WriterSetting } from "./company-config.ts";
import { eraseDeliveries, hasFewDeliveries } from "./configure-webhooks.ts";
import { removeGroup } from "./delete-group.ts";
import { removeUser } from "./delete-user.ts";
import { countCompanyRows, eraseSome } from "./erase-company.ts";
import { splitRef } from "./load-sql.ts";
import { ensureMirror, releaseMirror } from "./mirror.ts";
import type { Outcome, ReplanOperation, ReplanStep } from "./operation.ts";
import { NotLoaded } from "./rows.ts";
import { rederiveUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";
import { type Ref, type Row, refOf } from "./working-set.ts";

/** The kinds of work that take several commits; each commit does one step and keeps its place, so a crash loses nothing. */
export type ReplanKind =
  | "mirrorGroups"
  | "regroupUsers"
  | "releaseMirrors"
  | "removeUsers"
  | "removeGroups"
  | "enrolMembers"
  | "moveMembers"
  | "releaseMirror"
  | "eraseDeliveries"
  | "eraseCompany";

/** The kinds that go through users or groups in the order of their keys. */
type WalkKind = Exclude<ReplanKind, "releaseMirror" | "eraseDeliveries" | "eraseCompany">;

const STEP_SIZE: Record<WalkKind, number> = {
  mirrorGroups: 100,
  regroupUsers: 300,
  releaseMirrors: 100,
  removeUsers: 100,
  removeGroups: 10,
  enrolMembers: 500,
  moveMembers: 300,
};

/** Rows of a setting in the order of their company's keys; the plus keeps SQLite from reading and sorting all of them. */
function walk(table: string, key: string): string {
  const first = `CAST(?1 / ${KEY_SPAN} AS INTEGER) * ${KEY_SPAN}`;
  return `SELECT ${key} AS k, setting_key, id FROM ${table}
    WHERE ${key} > max(?2, ${first}) AND ${key} < ${first} + ${KEY_SPAN} AND +setting_key = ?1 ORDER BY ${key} LIMIT ?3`;
}

const USERS = walk("users", "user_key");
const GROUPS = walk("groups", "group_key");
const STEP_SQL: Record<WalkKind, string> = {
  mirrorGroups: GROUPS,
  regroupUsers: USERS,
  releaseMirrors: GROUPS,
  removeUsers: USERS,
  removeGroups: GROUPS,
  enrolMembers: `SELECT DISTINCT t.user_key AS k, u.setting_key, u.id FROM target_group_members t CROSS JOIN users u ON u.user_key = t.user_key
    WHERE t.target_group_key = ?1 AND t.user_key > ?2 ORDER BY t.user_key LIMIT ?3`,
  moveMembers: `SELECT m.user_key AS k, u.setting_key, u.id FROM group_members m CROSS JOIN users u ON u.user_key = m.user_key
    WHERE m.group_key = ?1 AND m.user_key > ?2 ORDER BY m.user_key LIMIT ?3`,
};

/** Looks up what the next step of a replan is about. */
export async function readReplanStep(d1: D1Database, replan: PendingReplan): Promise<ReplanStep> {
  const { kind } = replan;
  if (kind === "eraseCompany")
    return { refs: [], nextAfter: null, counts: await countCompanyRows(d1, replan.scopeKey) };
  if (kind === "releaseMirror") return { refs: [], nextAfter: null };
  // What is left of deliveries is found by looking: the place says only whether there is another step.
  if (kind === "eraseDeliveries")
    return { refs: [], nextAfter: (await hasFewDeliveries(d1, replan.scopeKey)) ? null : 0 };
  const size = STEP_SIZE[kind];
  const { results } = await d1.prepare(STEP_SQL[kind]).bind(replan.scopeKey, replan.afterUserKey, size).all<Row>();
  const last = results.at(-1);
  return {
    refs: results.map((row) => refOf(Number(row.setting_key), String(row.id))),
    nextAfter: last === undefined || results.length < size ? null : Number(last.k),
  };
}

/** Does one step: what the rules now in force say of these users or groups. */
export function runReplan(scope: Scope, { replanKey, step }: ReplanOperation): Outcome {
  const { config } = scope.workingSet;
  const replan = config.replans.find(({ key }) => key === replanKey);
  if (replan === undefined) return { kind: "done" };
  if (replan.kind === "eraseCompany") {
    eraseSome(scope, step.counts ?? []);
    return { kind: "done" };
  }
  const { kind, scopeKey } = replan;
  if (kind === "releaseMirror") releaseMirror(scope, scopeKey);
  else if (kind === "eraseDeliveries") eraseDeliveries(scope, scopeKey);
  else runAll(scope, kind, step.refs);
  if (step.nextAfter === null) scope.workingSet.execute("DELETE FROM replans WHERE replan_key = ?", [replanKey]);
  else
    scope.workingSet.execute("UPDATE replans SET after_user_key = ? WHERE replan_key = ?", [step.nextAfter, replanKey]);
  return { kind: "done" };
}

/** What any of them wants to be read is asked for at once. */
function runAll(scope: Scope, kind: WalkKind, refs: readonly Ref[]): void {
  let missed: NotLoaded | null = null;
  for (const ref of refs)
    try {
      runOne(scope, kind, ref);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      missed = error;
    }
  if (missed !== null) throw missed;
}

function runOne(scope: Scope, kind: WalkKind, ref: Ref): void {
  const { workingSet } = scope;
  if (kind === "enrolMembers") {
    const user = workingSet.users.get(ref);
    if (user !== undefined) scope.touchPerson(user);
    return;
  }
  const setting = workingSet.config.settingsByKey.get(splitRef(ref)[0]);
  if (setting === undefined) return;
  switch (kind) {
    case "regroupUsers":
    case "moveMembers":
      regroupUser(scope, setting, ref);
      return;
    case "removeUsers": {
      const user = workingSet.users.get(ref);
      if (user !== undefined) removeUser(scope, { ref, user });
      return;
    }
    case "mirrorGroups":
      ensureMirror(scope, setting, ref);
      return;
    case "releaseMirrors":
      unmirror(scope, setting, ref);
      return;
    case "removeGroups":
      removeGroup(scope, setting, ref);
      return;
  }
}

function regroupUser(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const user = scope.workingSet.users.get(ref);
  const text = scope.workingSet.documents.get(ref);
  if (user === undefined || text === undefined) return;
  const document = parseDocument(text);
  rederiveUser(scope, setting, { ref, user, document }, deriveUser(document, setting.compiledMappings, user));
}

function unmirror(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const { workingSet } = scope;
  const group = workingSet.groups.get(ref);
  if (group === undefined || group.targetGroupKey === null || setting.groupSettings.criteria === "idp") return;
  workingSet.setGroup(ref, { ...group, targetGroupKey: null });
  releaseMirror(scope, group.targetGroupKey);
}

/** Leaves work to the commits that follow this one. */
export function addReplan({ workingSet, cause }: Scope, kind: ReplanKind, scopeKey: number): void {
  workingSet.leaveWork(
    "INSERT INTO replans (replan_key, company_key, kind, scope_key, cause, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    [workingSet.allocateKey(), workingSet.config.companyKey, kind, scopeKey, JSON.stringify(cause), workingSet.now],
  );
}
