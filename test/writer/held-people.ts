import { env } from "cloudflare:workers";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";

const MINUTE = 60_000;

/** A hold as its row has it. */
interface HoldRow {
  key: number;
  id: string;
  kind: string;
  status: string;
  version: number;
  people: number;
  released: number;
  kept: number;
  dissolved: number;
}

/** A company whose clock the test turns. */
export class BrakeBench {
  readonly bench: Bench;
  readonly writer: CompanyWriter;
  readonly client: Client;
  now = Date.parse("2026-03-02T08:00:00Z");

  private constructor(bench: Bench) {
    this.bench = bench;
    this.writer = bench.another({ clock: () => this.now });
    this.client = new Client(this.writer, bench.settingId);
  }

  static async open(groupSettings: GroupSettingsInput): Promise<BrakeBench> {
    return new BrakeBench(await newBench(groupSettings));
  }

  pass(minutes: number): void {
    this.now += minutes * MINUTE;
  }

  /** What an admin asks for, with the work that follows it. */
  async admin(operation: Operation): Promise<void> {
    requireOutcome(await this.writer.write(requestOf(operation, { actor: "admin" })));
    await finishFollowUps(this.writer);
  }

  /** People `p1` to `p<count>`, each in the department that `departmentOf` gives. */
  async people(count: number, departmentOf: (n: number) => string | undefined = () => undefined): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    return Promise.all(numbers.map((n) => this.client.user(`p${n}`, departmentOf(n))));
  }

  async setActive(ids: readonly string[], value: boolean): Promise<void> {
    for (const id of ids) requireOutcome(await this.client.patchUser(id, { op: "replace", path: "active", value }));
  }

  async holds(): Promise<HoldRow[]> {
    const { results } = await env.DB.prepare(
      `SELECT hold_key AS key, id, kind, status, version, people, released, kept, dissolved FROM holds
       WHERE company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY hold_key`,
    )
      .bind(this.bench.companyId)
      .all<HoldRow>();
    return results;
  }

  async openHold(): Promise<HoldRow> {
    const open = (await this.holds()).find(({ status }) => status === "open");
    if (open === undefined) throw new Error("no hold is open");
    return open;
  }

  async decide(decision: "release" | "keep", more: { version?: number; userIds?: string[] } = {}): Promise<void> {
    const hold = await this.openHold();
    await this.admin({
      kind: "decideHold",
      holdId: hold.id,
      decision,
      version: more.version ?? hold.version,
      userIds: more.userIds,
    });
  }

  /** Target users by status. */
  async statuses(): Promise<{ active: number; inactive: number }> {
    const row = await env.DB.prepare(
      `SELECT sum(active) AS active, sum(1 - active) AS inactive FROM users
       WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)`,
    )
      .bind(this.bench.companyId)
      .first<{ active: number; inactive: number }>();
    return { active: row?.active ?? 0, inactive: row?.inactive ?? 0 };
  }
}
