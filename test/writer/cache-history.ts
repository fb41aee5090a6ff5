import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { sendAsWritten } from "../../src/platform/read-batch.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { newId } from "../../src/platform/uuid.ts";
import { parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { planReads } from "../../src/unit/plan-reads.ts";
import { readConfig } from "../../src/unit/read-company-config.ts";
import { UnitOfWork } from "../../src/unit/unit-of-work.ts";
import { Committer } from "../../src/writer/committer.ts";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import type { QueuedRequest } from "../../src/writer/run-requests.ts";
import { logRowOf, NO_BRAKE, requestOf } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { UNHEARD } from "./unheard.ts";

/** One step of a history: what is done, by whose number, to whom; each kind reads of it what it needs. */
export interface Step {
  kind: (typeof KINDS)[number];
  /** Who does it: a writer that lives on, its twin, or one that has just begun. */
  by: "first" | "second";
  who: number;
  group: number;
  name: number;
  isOn: boolean;
  /** Whether the request leaves a row of the log: without one, what changes nothing has no commit. */
  isLogged: boolean;
}

export const KINDS = [
  ...["create", "create", "put", "active", "active", "email", "department", "rename", "delete", "nothing"],
  ...[
    "group",
    "member",
    "member",
    "members",
    "renameGroup",
    "deleteGroup",
    "showUser",
    "stale",
    "nest",
    "nameless",
    "report",
  ],
] as const;

const DEPARTMENTS = ["Sales", "Legal", "sales"];
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ITEMS = [{ kind: "training" as const, id: "t1", name: "Training" }];

/** What a history works on. */
export interface Plan {
  criteria: "idp" | "field";
  isEnrolling: boolean;
  isBraked: boolean;
  /** Whether a user and a group wait for names that others have since names are folded otherwise. */
  hasLostNames?: boolean;
}

const types = resourceTypes();

/** A company whose requests are carried out by writers that keep rows, or by one for each request, which has none. */
export class Run {
  readonly companyId = newId(Date.now());
  readonly settingId = newId(Date.now());
  readonly #lasting: boolean;
  readonly #committers = new Map<string, Committer>();
  readonly #users: string[] = [];
  readonly #groups: string[] = [];

  constructor(lasting: boolean) {
    this.#lasting = lasting;
  }

  static async begin(lasting: boolean, plan: Plan): Promise<Run> {
    const run = new Run(lasting);
    const insert = "INSERT INTO companies (id, name, stored_form, created_at) VALUES (?, 'Test', ?, 0)";
    await env.DB.prepare(insert).bind(run.companyId, PRESENT_FORM).run();
    const token = { id: run.settingId.replaceAll("-", ""), lastFour: "abcd", expiresAt: null };
    const group = plan.criteria === "idp" ? {} : { field: "department" as const };
    const groupSettings = { criteria: plan.criteria, ...group, targetGroupName: "Everyone" };
    const few = { people: 1, percent: 10 };
    const braked = { leavers: few, emptied: few, moves: few, group: few };
    await run.#must({
      ...{ kind: "createSetting", id: run.settingId, name: "S", provider: "other", fieldMappings: [] },
      ...{ groupSettings: groupSettings as never, safeguards: plan.isBraked ? braked : NO_BRAKE, token },
    });
    if (plan.hasLostNames) await run.#loseNames();
    if (plan.isEnrolling) {
      const row = await env.DB.prepare(
        "SELECT t.id FROM target_groups t JOIN companies c USING (company_key) WHERE c.id = ? ORDER BY target_group_key",
      )
        .bind(run.companyId)
        .first<{ id: string }>();
      await run.#must({ kind: "setAutoEnrolments", targetGroupId: row?.id ?? "", items: ITEMS });
    }
    return run;
  }

  async #must(operation: Operation): Promise<void> {
    const [result] = await this.committer("first").run([requestOf(operation) as QueuedRequest]);
    if (result?.ok !== true) throw new Error(`refused: ${JSON.stringify(result)}`);
    this.#note(result);
  }

  /** The first user and group with a twin each, who lost the name to it. */
  async #loseNames(): Promise<void> {
    const { companyId, settingId } = this;
    for (const userName of ["p1", "twin"]) await this.#must({ kind: "createUser", settingId, document: { userName } });
    for (const displayName of ["G 1", "Twin"])
      await this.#must({ kind: "createGroup", settingId, document: { displayName }, members: [] });
    const ofCompany = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";
    const lose = (kind: string, table: string, key: string, nameKey: string, waited: string) => [
      `INSERT INTO lost_names (company_key, row_key, kind, scope_key, name_key, lost_at)
        SELECT company_key, ${key}, '${kind}', setting_key, '${waited}', 0 FROM ${table} WHERE ${ofCompany} AND ${nameKey} = 'twin'`,
      `UPDATE ${table} SET ${nameKey} = '${waited} LOST ' || ${key} WHERE ${ofCompany} AND ${nameKey} = 'twin'`,
    ];
    const statements = [
      ...lose("user", "users", "user_key", "user_name_key", "p1"),
      ...lose("group", "groups", "group_key", "display_name_key", "g 1"),
    ];
    await env.DB.batch(statements.map((sql) => env.DB.prepare(sql).bind(companyId)));
    await moveFence(companyId);
  }

  /** The writer of a name. */
  committer(by: string): Committer {
    const known = this.#committers.get(by);
    if (known !== undefined && this.#lasting) return known;
    const committer = new Committer({ ...UNHEARD, d1: env.DB, companyId: this.companyId, clock: Date.now });
    this.#committers.set(by, committer);
    return committer;
  }

  /** Does steps that share a commit as far as they may; gives what each came to. */
  async do(steps: readonly Step[]): Promise<string[]> {
    const [first] = steps;
    if (first === undefined) return [];
    const requests = await Promise.all(steps.map((step) => this.#requestFor(step)));
    const results = await this.committer(first.by).run(requests);
    for (const result of results) if (result !== null) this.#note(result);
    return results.map(told);
  }

  #note(result: WriteResult): void {
    if (!result.ok) return;
    if (result.outcome.kind === "user" && !this.#users.includes(result.outcome.user.id))
      this.#users.push(result.outcome.user.id);
    if (result.outcome.kind === "group" && !this.#groups.includes(result.outcome.group.id))
      this.#groups.push(result.outcome.group.id);
  }

  async #requestFor(step: Step): Promise<QueuedRequest> {
    const operation = step.kind === "report" ? await this.#reportOn(step) : this.#operationFor(step);
    const request = requestOf(operation, { settingId: this.settingId });
    const log = logRowOf(request, this.settingId);
    // None of these is a whole Bulk request.
    return { ...request, ...(step.isLogged && { log }) } as QueuedRequest;
  }

  /** Somebody has completed what it is enrolled in. */
  async #reportOn({ who }: Step): Promise<Operation> {
    const id = this.#users[who % Math.max(1, this.#users.length)] ?? UNKNOWN;
    const enrolled = await env.DB.prepare("SELECT id FROM enrolments WHERE user_id = ? AND status = 'active'")
      .bind(id)
      .first<{ id: string }>();
    const report = { enrolmentId: enrolled?.id ?? UNKNOWN, status: "completed", score: null, completedAt: 1 } as const;
    return { kind: "reportProgress", reports: [report] };
  }

  #operationFor({ kind, who, group, name, isOn }: Step): Operation {
    const { settingId } = this;
    const id = this.#users[who % Math.max(1, this.#users.length)] ?? UNKNOWN;
    const groupId = this.#groups[group % Math.max(1, this.#groups.length)] ?? UNKNOWN;
    const some = this.#users.slice(who % 5, (who % 5) + 3).map((value) => ({ value }));
    const patchUser = (operation: object): Operation => {
      const request = parsePatch(types.User, { Operations: [{ op: "replace", ...operation }] as never });
      return { kind: "patchUser", settingId, id, request };
    };
    const patchGroup = (operation: object): Operation => {
      const request = parsePatch(types.Group, { Operations: [operation] as never });
      return { kind: "patchGroup", settingId, id: groupId, request };
    };
    const { document } = readResource(types.User, {
      ...{ userName: `p${name}`, active: isOn || name % 2 === 0, displayName: `P ${name}` },
      emails: [{ value: `mail${name % 4}@example.com`, type: "work" }],
      [ENTERPRISE]: { department: DEPARTMENTS[name % 3] ?? "" },
    });
    switch (kind) {
      case "create":
        return { kind: "createUser", settingId, document };
      case "nameless":
        return { kind: "createUser", settingId, document: { userName: `n${name}`, active: isOn } };
      case "put":
        return { kind: "replaceUser", settingId, id, document };
      case "active":
        return patchUser({ path: "active", value: isOn });
      case "email":
        return patchUser({ path: 'emails[type eq "work"].value', value: `mail${name % 4}@example.com` });
      case "department":
        return patchUser({ path: `${ENTERPRISE}:department`, value: DEPARTMENTS[name % 3] });
      case "rename":
        return patchUser({ path: "userName", value: `p${name}` });
      case "nothing":
      case "showUser":
        return patchUser({ path: "nickName", value: isOn ? "n" : "m" });
      case "stale":
        return { ...patchUser({ path: "title", value: `t${name}` }), ifMatch: 'W/"1"' } as Operation;
      case "delete":
        return { kind: "deleteUser", settingId, id };
      case "group":
        return { kind: "createGroup", settingId, document: { displayName: `G ${name % 5}` }, members: some };
      case "member":
        return patchGroup(
          isOn
            ? { op: "add", path: "members", value: [{ value: id }] }
            : { op: "remove", path: `members[value eq "${id}"]` },
        );
      case "members":
        return {
          kind: "replaceGroup",
          settingId,
          id: groupId,
          document: { displayName: `G ${name % 5}` },
          members: some,
        };
      case "nest": {
        const value = this.#groups[who % Math.max(1, this.#groups.length)] ?? UNKNOWN;
        return patchGroup({ op: isOn ? "add" : "remove", path: "members", value: [{ value }] });
      }
      case "report":
        throw new Error("a report needs the id of an enrolment");
      case "renameGroup":
        return patchGroup({ op: "replace", path: "displayName", value: `G ${name % 5}` });
      case "deleteGroup":
        return { kind: "deleteGroup", settingId, id: groupId };
    }
  }

  /** Holds whatever a writer has cached against what D1 has. */
  async check(by: string): Promise<number> {
    const config = await this.committer(by).configuration();
    const fresh = await readConfig(env.DB, this.companyId, Date.now());
    if (config === null || fresh === null) throw new Error("no company");
    // Another writer has committed since: the fence will tell.
    if (config.commitId !== fresh.commitId || config.cache.counters === null) return 0;
    const { cache } = config;
    const unit = new UnitOfWork(fresh, Date.now());
    const tables = [
      ...(["users", "documents", "userNames", "groups", "groupNames", "memberships", "groupsOf", "subgroups"] as const),
      ...(["reasons", "persons", "enrolments", "brakes", "people"] as const),
    ];
    for (const name of tables) for (const key of cache[name].entries().keys()) unit[name].want(key as never);
    const queries = planReads(unit);
    const answers = await sendAsWritten(env.DB, queries);
    for (const [index, query] of queries.entries()) query.receive(answers[index]?.results ?? []);
    for (const name of tables)
      for (const [key, value] of cache[name].entries())
        expect(inAnyOrder(value), `${name} ${key}`).toEqual(inAnyOrder(unit[name].get(key as never)));
    const { nextKey, changeSeq, peopleDays } = unit;
    expect(cache.counters).toEqual({ nextKey, changeSeq, peopleDays });
    return cache.users.entries().size;
  }

  /** All that D1 holds of the company, without what differs from one run to the next. */
  async content(): Promise<unknown[]> {
    const mine = "company_key = (SELECT company_key FROM companies WHERE id = ?)";
    const of = (table: string, key: string) => `${key} IN (SELECT ${key} FROM ${table} WHERE ${mine})`;
    const statements = [
      `SELECT user_name, display_name, active, email_key, department, document, version, held_by IS NULL FROM users WHERE ${mine} ORDER BY user_name, version`,
      `SELECT display_name, member_count, version FROM groups WHERE ${mine} ORDER BY 1`,
      `SELECT g.display_name, u.user_name FROM group_members m JOIN groups g USING (group_key) JOIN users u USING (user_key) WHERE g.${mine} ORDER BY 1, 2`,
      `SELECT name, source, kept_as, member_count FROM target_groups WHERE ${mine} ORDER BY 1`,
      `SELECT t.name, u.user_name, m.kind, m.detail, m.held_by IS NULL FROM target_group_members m JOIN target_groups t USING (target_group_key)
        JOIN users u USING (user_key) WHERE t.${mine} ORDER BY 1, 2, 3, 4`,
      `SELECT item_id, status, given, count(*) FROM enrolments WHERE ${mine} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      `SELECT type, subject_kind FROM changes WHERE ${mine} AND subject_kind <> 'alert' ORDER BY seq`,
      `SELECT active_users, inactive_users, group_count FROM scim_settings WHERE ${mine}`,
      `SELECT kind, status, version, people FROM holds WHERE ${mine} ORDER BY 1, 2, 3`,
      `SELECT count(*) FROM request_log WHERE ${of("scim_settings", "setting_key")}`,
    ];
    const results = await env.DB.batch(statements.map((sql) => env.DB.prepare(sql).bind(this.companyId)));
    return results.map((result) => result.results);
  }
}

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";

/** What a client sees of a result, without ids and times. */
function told(result: WriteResult | null): string {
  if (result === null) return "left";
  if (!result.ok) return `${result.status} ${result.code}`;
  const { outcome } = result;
  if (outcome.kind === "user") {
    const groups = outcome.user.related.map(({ display }) => display).sort();
    return `user ${outcome.user.version} ${JSON.stringify(outcome.user.document)} in ${groups}`;
  }
  if (outcome.kind === "group") return `group ${outcome.group.version} ${JSON.stringify(outcome.group.document)}`;
  return outcome.kind;
}

/** Lists of rows come in the order of whichever index gave them. */
function inAnyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => JSON.stringify(part, Object.keys(Object(part)).sort())).sort();
  return value ?? null;
}
