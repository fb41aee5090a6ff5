import { setTimeout as sleep } from "node:timers/promises";
import { judgeEnrolments, readPicture } from "../changes/company-picture.ts";
import { type Belief, foldName, type PresentUser } from "../simulate/belief.ts";
import { textOf } from "../simulate/company.ts";
import { expectMemberships } from "../simulate/expected-target.ts";
import type { ManagementAccess } from "../simulate/management.ts";
import { CALM } from "./fault-plan.ts";
import { OPERATOR_KEY, type TortureRuntime } from "./torture-runtime.ts";
import { Judge, WireClient } from "./wire-client.ts";

/** How a company's setting groups, and which of its target groups enrol their members. */
interface CompanyPlan {
  criteria: "idp" | "field";
  isBraked: boolean;
  groups: readonly string[];
  values: readonly string[];
}

/** So long work may follow a request or a decision (tries of 100 ms). */
const MOST_WAITS = 9_000;

const OFF = { leavers: null, emptied: null, moves: null, group: null };

/** A company of one SCIM setting in which a slip is played, and what of it can be judged. */
export class SlipCompany {
  readonly id: string;
  readonly token: string;
  readonly #runtime: TortureRuntime;
  readonly #operator: WireClient;
  readonly #criteria: "idp" | "field";

  private constructor(
    runtime: TortureRuntime,
    operator: WireClient,
    { id, token, criteria }: { id: string; token: string; criteria: "idp" | "field" },
  ) {
    this.#runtime = runtime;
    this.#operator = operator;
    this.#criteria = criteria;
    this.id = id;
    this.token = token;
  }

  static async open(runtime: TortureRuntime, plan: CompanyPlan): Promise<SlipCompany> {
    const { criteria, isBraked, groups, values } = plan;
    const operator = new WireClient(`${runtime.url}/api/v1`, () => OPERATOR_KEY, new Judge(), false);
    const company = await operator.send("POST", "/companies", { name: "Slip" });
    const at = `/companies/${company.json.id}`;
    for (const [n, name] of (criteria === "idp" ? groups : values).entries()) {
      const { json } = await operator.send("POST", `${at}/target-groups`, { name });
      const items = [{ kind: "training", id: `t${n % 3}`, name: `Training ${n % 3}` }];
      await operator.send("PUT", `${at}/target-groups/${json.id}/auto-enrolments`, items);
    }
    const { json } = await operator.send("POST", `${at}/scim-settings`, {
      name: "Slip",
      provider: "other",
      groupSettings: {
        criteria,
        targetGroupName: FALLBACK,
        targetGroupScope: "ungrouped",
        ...(criteria === "field" ? { field: "department" } : {}),
      },
      ...(isBraked ? {} : { safeguards: OFF }),
    });
    return new SlipCompany(runtime, operator, { id: company.json.id, token: json.token.secret, criteria });
  }

  get tenantUrl(): string {
    return `${this.#runtime.url}/scim/v2`;
  }

  get access(): ManagementAccess {
    return { baseUrl: this.#runtime.url, operatorKey: OPERATOR_KEY, companyId: this.id };
  }

  /** Waits until what follows requests and decisions is done. */
  async settle(): Promise<void> {
    for (let wait = 0; wait < MOST_WAITS; wait += 1) {
      const [row] = await this.#runtime.rows(
        "SELECT (SELECT count(*) FROM hold_decisions) + (SELECT count(*) FROM replans) AS n",
      );
      if (row?.n === 0) return;
      await sleep(100);
    }
    throw new Error("work left over was never done");
  }

  async #read(sql: string): Promise<string[]> {
    const rows = await this.#runtime.rows(`${OF_COMPANY} ${sql}`, this.id);
    return rows.map(({ line }) => String(line));
  }

  /** Open enrolments by userName. */
  enrolments(): Promise<string[]> {
    return this.#read(ENROLMENTS);
  }

  /** People, memberships with reasons, and open enrolments by userName. */
  async lines(): Promise<string[]> {
    const people = await this.#read(`SELECT user_name || iif(active, ' active', ' inactive') AS line FROM p`);
    return [...people, ...(await this.#read(MEMBERSHIPS)), ...(await this.enrolments())].sort();
  }

  /**
   * No training of anybody but those who have just joined is withdrawn while something waits; what was carried out before
   * counts, and is told.
   */
  async judgeHeld(
    { before, joiners }: { before: readonly string[]; joiners: readonly PresentUser[] },
    report: (problem: string) => void,
  ): Promise<{ holds: string[]; withdrawnBefore: number; withdrawnAfter: number }> {
    const holds = await this.#runtime.rows(
      `SELECT kind || ' ' || people AS line FROM holds h JOIN companies c USING (company_key)
       WHERE c.id = ? AND status = 'open' ORDER BY hold_key`,
      this.id,
    );
    const [withdrawn] = await this.#runtime.rows(
      `WITH w AS (SELECT seq FROM changes JOIN companies c USING (company_key)
         WHERE c.id = ?1 AND type = 'enrolment.withdrawn' AND user_id NOT IN (SELECT value FROM json_each(?2))),
       o AS (SELECT min(seq) AS seq FROM changes JOIN companies c USING (company_key) WHERE c.id = ?1 AND type = 'hold.opened')
       SELECT count(w.seq) AS n, coalesce(sum(w.seq > o.seq), 0) AS later FROM o LEFT JOIN w`,
      this.id,
      JSON.stringify(joiners.map(({ id }) => id)),
    );
    const held = new Set(await this.enrolments());
    const lost = before.filter((line) => !held.has(line)).length;
    const all = Number(withdrawn?.n);
    const withdrawnAfter = Number(withdrawn?.later);
    const isHeld = holds.length > 0;
    if (isHeld && withdrawnAfter > 0) report(`${withdrawnAfter} trainings were withdrawn while a hold was open`);
    if (lost > all) report(`${lost} trainings are lost, and ${all} were withdrawn`);
    return { holds: holds.map(({ line }) => String(line)), withdrawnBefore: all - withdrawnAfter, withdrawnAfter };
  }

  /** Whoever joined in the middle of it is where the rules want it, and enrolled. */
  async judgeJoiners(
    belief: Belief,
    joiners: readonly PresentUser[],
    report: (problem: string) => void,
  ): Promise<void> {
    const names = new Map(joiners.map((user) => [user.id, textOf(user.person, "userName")]));
    const sentBy = this.#criteria === "field" ? "department" : null;
    const wanted = expectMemberships(
      belief,
      { criteria: this.#criteria, targetGroupScope: "ungrouped", field: sentBy },
      FALLBACK,
      sentBy,
    );
    const present = new Set((await this.#read(MEMBERSHIPS)).map(foldName));
    const enrolled = new Set((await this.enrolments()).map((line) => line.split(" takes ")[0]));
    const giving = new Set((await this.#read(GIVING)).map(foldName));
    for (const { group, userId, kind } of wanted) {
      const name = names.get(userId);
      if (name === undefined) continue;
      if (!present.has(foldName(`${name} in ${group} by ${kind}`))) report(`${name} joined and is not in ${group}`);
      if (giving.has(group) && !enrolled.has(name)) report(`${name} joined ${group} and is not enrolled`);
    }
  }

  /** Releases what waits; with a kill workerd dies when some of it is carried out. */
  async release(hasKill: boolean, report: (problem: string) => void): Promise<void> {
    const { json } = await this.#operator.send("GET", `/companies/${this.id}/holds?status=open`);
    // So slow that there is time to see the middle of it.
    if (hasKill) await this.#runtime.follow({ ...CALM, d1Slow: 1, slowMs: 1_000 });
    for (const { id, version } of json.items) {
      const answer = this.#operator.send("POST", `/companies/${this.id}/holds/${id}/release`, { version });
      if (hasKill) await this.#killInTheMiddle(id, report);
      await answer;
    }
    await this.#runtime.follow(CALM);
    await this.settle();
    const { json: left } = await this.#operator.send("GET", `/companies/${this.id}/holds?status=open`);
    for (const { kind, people } of left.items) report(`after the release ${people} people wait still: ${kind}`);
  }

  async #killInTheMiddle(holdId: string, report: (problem: string) => void): Promise<void> {
    const read = async () => {
      const [row] = await this.#runtime.rows("SELECT people, released FROM holds WHERE id = ?", holdId);
      return { people: Number(row?.people), released: Number(row?.released) };
    };
    let seen = await read();
    while (seen.released === 0 && seen.people > 0) {
      await sleep(5);
      seen = await read();
    }
    if (seen.people === 0) report("the release was over before it could be killed");
    await this.#runtime.killAndReopen();
  }

  /** Compares open enrolments with what the rules give. */
  async judgeEnrolments(report: (problem: string) => void): Promise<void> {
    const read = async (path: string) => (await this.#operator.send("GET", `/companies/${this.id}${path}`)).json;
    for (const fault of judgeEnrolments(await readPicture(read))) report(`enrolments: ${fault}`);
  }
}

const FALLBACK = "Nowhere else";

const OF_COMPANY = `WITH p AS (SELECT u.* FROM users u JOIN companies c ON c.company_key = u.company_key WHERE c.id = ?1)`;
const MEMBERSHIPS = `SELECT DISTINCT p.user_name || ' in ' || g.name || ' by ' || m.kind AS line FROM p
  JOIN target_group_members m ON m.user_key = p.user_key JOIN target_groups g ON g.target_group_key = m.target_group_key`;
const ENROLMENTS = `SELECT p.user_name || ' takes ' || e.item_id AS line FROM p
  JOIN enrolments e ON e.user_key = p.user_key AND e.status = 'active'`;
const GIVING = `SELECT DISTINCT g.name AS line FROM auto_enrolments a
  JOIN target_groups g ON g.target_group_key = a.target_group_key JOIN companies c ON c.company_key = g.company_key
  WHERE c.id = ?1`;
