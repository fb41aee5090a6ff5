import { env } from "cloudflare:workers";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { ANEW, ELSEWHERE, type HoldHistory, NAMES, type Slip, type Step } from "./any-hold-history.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";
import { targetGroupId } from "./target-side.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?)";

function replaceDepartment(value: string) {
  return { op: "replace", path: DEPARTMENT, value };
}

/** What there is on the target side, in words that do not depend on ids. */
interface TargetSide {
  people: string[];
  memberships: string[];
  enrolments: string[];
}

interface Resource {
  id: string;
  setting: number;
}

/** A company that lives a history, with a brake or without one. */
export class HoldCompany {
  readonly bench: Bench;
  readonly #settings: string[];
  readonly #users: Resource[] = [];
  readonly #groups: Resource[] = [];
  /** What a slip took the first time, by who or what lost it. */
  readonly #struck = new Map<Resource, string>();
  #made = 0;

  private constructor(bench: Bench, settings: string[]) {
    this.bench = bench;
    this.#settings = settings;
  }

  static async begin({ settings, reenrol }: HoldHistory, safeguards: Safeguards): Promise<HoldCompany> {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    // What comes at once is written in the order in which it came, in few commits: dozens of companies begin like this.
    await Promise.all(
      NAMES.map(async (groupName) =>
        requireOutcome(await bench.writer.write(requestOf({ kind: "createTargetGroup", name: groupName }))),
      ),
    );
    const ids = await Promise.all(settings.map((groupSettings) => addSetting(bench.writer, groupSettings, safeguards)));
    const company = new HoldCompany(bench, ids);
    await Promise.all(
      [...NAMES, "All"].map(async (groupName, index) => {
        const items = [{ kind: "training" as const, id: `t${index % 3}`, name: "T", dueInDays: 30, reenrol }];
        await company.admin({ kind: "setAutoEnrolments", targetGroupId: await targetGroupId(bench, groupName), items });
      }),
    );
    const joins = Array.from({ length: 8 }, (_, n) => company.#join(n, NAMES[n % 3] ?? null));
    await Promise.all(joins);
    await finishFollowUps(bench.writer);
    return company;
  }

  async admin(operation: Operation): Promise<void> {
    await this.bench.writer.write(requestOf(operation, { actor: "admin" }));
    await finishFollowUps(this.bench.writer);
  }

  /** Takes a step; gives how it was answered. */
  async take(step: Step): Promise<number> {
    const result = await this.#ask(step);
    await finishFollowUps(this.bench.writer);
    return result === null || result.ok ? 0 : result.status;
  }

  #client(setting: number): Client {
    return new Client(this.bench.writer, this.#settings[setting] ?? "");
  }

  #membersOf(setting: number, places: readonly number[]): string[] {
    const own = this.#users.filter((user) => user.setting === setting);
    return [...new Set(places.flatMap((place) => own[place % Math.max(1, own.length)]?.id ?? []))];
  }

  async #ask(step: Step): Promise<WriteResult | null> {
    if (step.kind === "join") return this.#join(step.nth, step.value);
    if (step.kind === "group") return this.#makeGroup(step);
    if (step.kind === "release") {
      await this.releaseAll();
      return null;
    }
    if (step.kind === "report") return this.#report(step);
    if (step.kind === "manual") return this.#setByHand(step.member, step.isIn);
    if (step.kind === "status" || step.kind === "value" || step.kind === "delete") return this.#changeUser(step);
    return this.#changeGroup(step);
  }

  async #join(place: number, value: string | null): Promise<WriteResult> {
    const setting = place % 2;
    const mail = { emails: [{ value: `m${place % 5}@example.com`, type: "work" }] };
    this.#made += 1;
    const result = await this.#client(setting).postUser(`u${this.#made}`, value ?? undefined, mail);
    if (result.ok && result.outcome.kind === "user") this.#users.push({ id: result.outcome.user.id, setting });
    return result;
  }

  async #changeUser(step: Step & { kind: "status" | "value" | "delete" }): Promise<WriteResult | null> {
    const user = this.#users[step.nth % Math.max(1, this.#users.length)];
    if (user === undefined) return null;
    const client = this.#client(user.setting);
    if (step.kind === "status") return client.patchUser(user.id, { op: "replace", path: "active", value: step.active });
    if (step.kind === "value")
      return step.value === null
        ? client.patchUser(user.id, { op: "remove", path: DEPARTMENT })
        : client.patchUser(user.id, replaceDepartment(step.value));
    this.#users.splice(this.#users.indexOf(user), 1);
    return client.deleteUser(user.id);
  }

  async #makeGroup(step: Step & { kind: "group" }): Promise<WriteResult> {
    const setting = step.members.length % 2;
    const result = await this.#client(setting).postGroup(step.name, this.#membersOf(setting, step.members));
    if (result.ok && result.outcome.kind === "group") this.#groups.push({ id: result.outcome.group.id, setting });
    return result;
  }

  async #changeGroup(step: Step & { kind: "member" | "list" | "ungroup" }): Promise<WriteResult | null> {
    const group = this.#groups[step.nth % Math.max(1, this.#groups.length)];
    if (group === undefined) return null;
    const client = this.#client(group.setting);
    if (step.kind === "list") return client.putGroup(group.id, step.name, this.#membersOf(group.setting, step.members));
    if (step.kind === "ungroup") {
      this.#groups.splice(this.#groups.indexOf(group), 1);
      return client.deleteGroup(group.id);
    }
    const [value] = this.#membersOf(group.setting, [step.member]);
    if (value === undefined) return null;
    return step.isIn
      ? client.patchGroup(group.id, { op: "add", path: "members", value: [{ value }] })
      : client.patchGroup(group.id, { op: "remove", path: `members[value eq "${value}"]` });
  }

  /** Of a person's newest enrolment in an item, withdrawn or not. */
  async #report({ mail, item, status }: Step & { kind: "report" }): Promise<null> {
    const enrolmentId = await env.DB.prepare(
      `SELECT id FROM enrolments WHERE person_key = ? AND item_id = ? AND ${OF_COMPANY} ORDER BY enrolment_key DESC`,
    )
      .bind(`m${mail}@example.com`, `t${item}`, this.bench.companyId)
      .first<string>("id");
    // Whom the one company has, and the other has erased, is answered otherwise by each.
    if (enrolmentId === null) return null;
    const reports = [{ enrolmentId, status, score: null }];
    await this.bench.writer.write(requestOf({ kind: "reportProgress", reports }));
    return null;
  }

  async #setByHand(place: number, isIn: boolean): Promise<WriteResult | null> {
    const user = this.#users[place % Math.max(1, this.#users.length)];
    if (user === undefined) return null;
    const kind = isIn ? "addManualMember" : "removeManualMember";
    const group = await targetGroupId(this.bench, "Crew");
    return this.bench.writer.write(requestOf({ kind, targetGroupId: group, userId: user.id }, { actor: "admin" }));
  }

  /** Sets the safeguards of all settings. */
  async guard(safeguards: Safeguards): Promise<void> {
    for (const settingId of this.#settings) await this.admin({ kind: "updateSetting", settingId, safeguards });
  }

  /**
   * Lets a slip happen, again and again the same; gives what puts right what it did. What an identity provider repeats comes
   * with something else of each user, as it does in life: what says nothing new is nothing to be judged.
   */
  async strike(slip: Slip): Promise<() => Promise<void>> {
    if (this.#struck.size > 0) await Promise.all(this.#users.map((user) => this.#touch(user)));
    for (const [resource, taken] of await this.#takenBy(slip)) this.#struck.set(resource, taken);
    for (const resource of this.#struck.keys()) await this.#give(slip, resource, null);
    await finishFollowUps(this.bench.writer);
    return async () => {
      for (const [resource, taken] of this.#struck) await this.#give(slip, resource, taken);
      await finishFollowUps(this.bench.writer);
    };
  }

  /** Says something of everybody that was never said before: another value, or a group that is new. */
  async renew(what: "value" | "group"): Promise<void> {
    for (const { id, setting } of what === "value" ? this.#users : [])
      requireOutcome(await this.#client(setting).patchUser(id, replaceDepartment(ANEW)));
    for (const setting of what === "group" ? [0, 1] : []) {
      const members = this.#users.filter((user) => user.setting === setting).map(({ id }) => id);
      requireOutcome(await this.#client(setting).postGroup(ANEW, members));
    }
    await finishFollowUps(this.bench.writer);
  }

  /** What a slip is about to take: the status, the value, or the members that somebody or a group has. */
  async #takenBy(slip: Slip): Promise<(readonly [Resource, string])[]> {
    const sql = {
      "everyone deactivated": "SELECT 'active' AS taken FROM users WHERE id = ? AND active AND held_as IS NULL",
      "values cleared": "SELECT department AS taken FROM users WHERE id = ?",
      "values changed": "SELECT department AS taken FROM users WHERE id = ?",
      "groups emptied": `SELECT json_group_array(u.id) AS taken FROM groups g JOIN group_members m USING (group_key)
        JOIN users u ON u.user_key = m.user_key WHERE g.id = ?`,
    }[slip];
    const found: (readonly [Resource, string])[] = [];
    for (const resource of slip === "groups emptied" ? this.#groups : this.#users) {
      if (this.#struck.has(resource)) continue;
      const taken = await env.DB.prepare(sql).bind(resource.id).first<string | null>("taken");
      if (taken !== null) found.push([resource, taken]);
    }
    return found;
  }

  async #touch({ id, setting }: Resource): Promise<void> {
    const result = await this.#client(setting).patchUser(id, { op: "replace", value: this.#renamed() });
    requireOutcome(result);
  }

  #renamed(): { displayName: string } {
    this.#made += 1;
    return { displayName: `Name ${this.#made}` };
  }

  /** Gives back what a slip took; with null it takes it. */
  async #give(slip: Slip, { id, setting }: Resource, taken: string | null): Promise<void> {
    const client = this.#client(setting);
    const change = {
      "everyone deactivated": () =>
        client.patchUser(id, { op: "replace", value: { active: taken !== null, ...this.#renamed() } }),
      "values cleared": () =>
        client.patchUser(id, taken === null ? { op: "remove", path: DEPARTMENT } : replaceDepartment(taken)),
      "values changed": () => client.patchUser(id, replaceDepartment(taken ?? ELSEWHERE)),
      "groups emptied": () => {
        const value = (JSON.parse(taken ?? "[]") as string[]).map((member) => ({ value: member })); // by the statement
        return client.patchGroup(id, { op: "replace", path: "members", value });
      },
    }[slip];
    requireOutcome(await change());
  }

  async keepAll(): Promise<void> {
    for (const { id: holdId, version } of await this.openHolds())
      await this.admin({ kind: "decideHold", holdId, decision: "keep", version });
  }

  async openHolds(): Promise<{ id: string; version: number; people: number }[]> {
    const { results } = await env.DB.prepare(
      `SELECT id, version, people FROM holds WHERE status = 'open'
         AND company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY hold_key`,
    )
      .bind(this.bench.companyId)
      .all<{ id: string; version: number; people: number }>();
    return results;
  }

  async releaseAll(): Promise<void> {
    for (const { id: holdId, version } of await this.openHolds())
      await this.admin({ kind: "decideHold", holdId, decision: "release", version });
  }

  /** Who has joined what takes the place of something that it does not leave: a move waits, and is kept, as a whole. */
  async halfMoves(): Promise<string[]> {
    return this.#read(
      `SELECT u.user_name || ' in ' || g.name || ' by ' || m.kind AS what FROM target_group_members w
       JOIN target_group_members m ON m.user_key = w.user_key AND m.setting_key = w.setting_key
         AND (m.target_group_key, m.kind, m.source_key) <> (w.target_group_key, w.kind, w.source_key)
       JOIN users u ON u.user_key = w.user_key JOIN target_groups g ON g.target_group_key = m.target_group_key
       WHERE w.held_by IS NOT NULL AND u.${OF_COMPANY} AND CASE w.kind WHEN 'field' THEN m.kind IN ('field', 'ungrouped')
         WHEN 'idp' THEN m.kind = 'ungrouped' OR (m.kind = 'idp' AND m.source_key = w.source_key) END`,
    );
  }

  async #read(sql: string): Promise<string[]> {
    const { results } = await env.DB.prepare(sql).bind(this.bench.companyId).all<{ what: string }>();
    return results.map(({ what }) => what);
  }

  async targetSide(): Promise<TargetSide> {
    return {
      people: await this.#read(`SELECT user_name || ' ' || active AS what FROM users WHERE ${OF_COMPANY} ORDER BY 1`),
      memberships: await this.#read(
        `SELECT DISTINCT u.user_name || ' in ' || g.name || ' by ' || m.kind AS what FROM target_group_members m
         JOIN users u ON u.user_key = m.user_key JOIN target_groups g ON g.target_group_key = m.target_group_key
         WHERE u.${OF_COMPANY} ORDER BY 1`,
      ),
      // Who comes back is enrolled again or has it completed, as the auto-enrolment says; who did not leave is as before.
      enrolments: await this.#read(
        `SELECT DISTINCT coalesce(u.email, u.user_name) || ' ' || e.item_id AS what FROM enrolments e
         JOIN users u ON u.user_key = e.user_key WHERE (e.status = 'active' OR e.progress_status = 'completed')
           AND e.given = 1 AND u.${OF_COMPANY} ORDER BY 1`,
      ),
    };
  }
}
