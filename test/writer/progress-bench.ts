import { env } from "cloudflare:workers";
import type { ProgressStatus, Reenrol } from "../../src/directory/enrolment-column-values.ts";
import { DAY } from "../../src/platform/clock.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { AutoEnrolmentItem, Operation } from "../../src/writer/operation.ts";
import type { ProgressReport, ReportOutcome } from "../../src/writer/progress-report.ts";
import { type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";
import { targetGroupId } from "./target-side.ts";

export const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/** An item on terms. */
export function basics(terms: { dueInDays?: number; reenrol?: Reenrol } = {}): AutoEnrolmentItem {
  return { kind: "training", id: "basics", name: "Basics", ...terms };
}

/** A company whose clock the test turns, and what the training platform does there. */
export class ProgressBench {
  readonly bench: Bench;
  readonly writer: CompanyWriter;
  readonly client: Client;
  now = Date.parse("2026-11-02T08:00:00Z");

  private constructor(bench: Bench) {
    this.bench = bench;
    this.writer = bench.another({ clock: () => this.now });
    this.client = new Client(this.writer, bench.settingId);
  }

  static async begin(groupSettings: Parameters<typeof newBench>[0]): Promise<ProgressBench> {
    return new ProgressBench(await newBench(groupSettings));
  }

  turn(days: number): void {
    this.now += days * DAY;
  }

  async ask(operation: Operation): Promise<void> {
    requireOutcome(await this.writer.write(requestOf(operation, { actor: "operator" })));
    await finishFollowUps(this.writer);
  }

  async enrol(groupName: string, ...items: AutoEnrolmentItem[]): Promise<void> {
    const group = await targetGroupId(this.bench, groupName);
    await this.ask({ kind: "setAutoEnrolments", targetGroupId: group, items });
  }

  /** What was answered to reports. */
  async report(...reports: ProgressReport[]): Promise<ReportOutcome[]> {
    const outcome = requireOutcome(await this.writer.write(requestOf({ kind: "reportProgress", reports })));
    if (outcome.kind !== "progress") throw new Error(outcome.kind);
    return outcome.reports;
  }

  /** Reports of the person's newest enrolment in an item. */
  async reach(userName: string, status: ProgressStatus, item = "basics"): Promise<void> {
    await this.report({ enrolmentId: await this.newest(userName, item), status, score: null });
  }

  async newest(userName: string, item = "basics"): Promise<string> {
    const sql = `SELECT e.id FROM enrolments e JOIN users u ON u.user_key = e.user_key WHERE u.user_name = ? AND e.item_id = ?
      AND e.company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY e.enrolment_key DESC`;
    return (await env.DB.prepare(sql).bind(userName, item, this.bench.companyId).first<string>("id")) ?? "";
  }

  /** What is kept of how many are enrolled in each item is what there is. */
  async #assertCounted(): Promise<void> {
    const { results } = await env.DB.prepare(
      `SELECT i.item_id FROM enrolled_items i WHERE i.company_key = (SELECT company_key FROM companies WHERE id = ?)
         AND (i.active, i.withdrawn) <> (SELECT coalesce(sum(e.status = 'active' AND e.given IS 1), 0), coalesce(sum(e.status <> 'active' OR e.given IS NOT 1), 0)
           FROM enrolments e WHERE e.company_key = i.company_key AND e.kind = i.kind AND e.item_id = i.item_id)`,
    )
      .bind(this.bench.companyId)
      .all();
    if (results.length > 0) throw new Error(`counted otherwise than they are: ${JSON.stringify(results)}`);
  }

  /** `userName status progress` of every enrolment, in the order they started. */
  async enrolments(): Promise<string[]> {
    const { results } = await env.DB.prepare(
      `SELECT coalesce(u.user_name, 'gone') || ' ' || e.status || coalesce(' ' || e.progress_status, '')
         || iif(e.is_overdue, ' overdue', '') AS line
       FROM enrolments e LEFT JOIN users u ON u.user_key = e.user_key
       WHERE e.company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY e.enrolment_key`,
    )
      .bind(this.bench.companyId)
      .all<{ line: string }>();
    await this.#assertCounted();
    return results.map(({ line }) => line);
  }
}
