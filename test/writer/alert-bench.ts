import { env } from "cloudflare:workers";
import type { AlertFacts } from "../../src/alerts/alert.ts";
import { findDue } from "../../src/companies/companies-due-store.ts";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { newId } from "../../src/platform/uuid.ts";
import type { CommitterOptions } from "../../src/writer/committer.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { Client, finishFollowUps, logRowOf, newWriter, requireOutcome } from "./bench.ts";
import { UNHEARD } from "./unheard.ts";

/** The lengths of time of these tests (ms). */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An alert as its row has it. */
interface AlertRow {
  id: string;
  kind: string;
  status: string;
  subject: string;
  facts: AlertFacts;
  count: number;
  since: number;
}

/** A company with one setting, whose clock and alarm the test turns. */
export class AlertBench {
  readonly companyId: string;
  readonly settingId: string;
  options: CommitterOptions;
  writer: CompanyWriter;
  /** How many times the writer was asked to look again at work that it left. */
  alarms = 0;
  now = Date.parse("2026-03-02T08:00:00Z");

  private constructor() {
    this.companyId = newId(Date.now());
    this.settingId = newId(this.now);
    this.options = {
      ...UNHEARD,
      d1: env.DB,
      companyId: this.companyId,
      clock: () => this.now,
      secrets: { SESSION_SECRET: "a secret of more than thirty-two bytes" },
      onWork: async () => {
        this.alarms += 1;
      },
    };
    this.writer = newWriter(this.companyId, this.options);
  }

  /** `tokenUntil` is when the setting's first token ends (ms), or null for never. */
  static async open(tokenUntil: number | null = null): Promise<AlertBench> {
    const bench = new AlertBench();
    const values = [bench.companyId, PRESENT_FORM, bench.now];
    await env.DB.prepare("INSERT INTO companies (id, name, stored_form, created_at) VALUES (?, 'Acme', ?, ?)")
      .bind(...values)
      .run();
    await bench.admin({
      ...{ kind: "createSetting", id: bench.settingId, name: "Entra", provider: "other", fieldMappings: [] },
      groupSettings: { criteria: "none", targetGroupName: "Everyone" },
      token: { id: bench.token("first"), lastFour: "aaaa", expiresAt: tokenUntil },
    });
    return bench;
  }

  /** The id of a credential, of which the deployment has each once. */
  token(name: string): string {
    return `${name}-${this.companyId}`;
  }

  get client(): Client {
    return new Client(this.writer, this.settingId);
  }

  /** A writer of the company on another D1. */
  with(d1: D1Database): CompanyWriter {
    return newWriter(this.companyId, { ...this.options, d1 });
  }

  /** Opens the writer anew under other secrets of the deployment. */
  rotate(present = "", previous?: string): void {
    const secrets = { SESSION_SECRET: present, ...(previous !== undefined && { SESSION_SECRET_PREVIOUS: previous }) };
    this.options = { ...this.options, secrets };
    this.writer = newWriter(this.companyId, this.options);
  }

  /** When the rules are to look again (ms). */
  dueAt(): Promise<number | null> {
    return findDue({ d1: env.DB }, "alerts_due_at", this.companyId);
  }

  /** What an admin asks for. */
  async admin(operation: Operation): Promise<WriteResult> {
    const cause = { requestId: newId(this.now), actor: "admin", settingId: null, provider: null } as const;
    const result = await this.writer.write({ operation, cause });
    requireOutcome(result);
    await finishFollowUps(this.writer);
    return result;
  }

  /** A request of the identity provider with its row of the log; gives the request's id. */
  async provider(operation: Operation, row: Partial<LogEntry> = {}): Promise<string> {
    this.now += 1;
    const requestId = newId(this.now);
    const cause = { requestId, actor: "scim", settingId: this.settingId, provider: null } as const;
    const request = { operation, cause };
    const log = { ...logRowOf(request, this.settingId, row), time: this.now };
    await this.writer.write({ ...request, log });
    return requestId;
  }

  /** A request that came to nothing but its row of the log: a read, or what the door refused. */
  async door(row: Partial<LogEntry>): Promise<string> {
    this.now += 1;
    const id = newId(this.now);
    const cause = { requestId: id, actor: "scim", settingId: this.settingId, provider: null } as const;
    const entry = {
      ...logRowOf({ operation: { kind: "log", entries: [] }, cause }, this.settingId, row),
      id,
      time: this.now,
    };
    const logged = this.writer.write({ operation: { kind: "log", entries: [entry] }, cause });
    // Rows of the log wait for a commit that has to read: this one looks for somebody whom nobody asked for before.
    await this.client.deleteUser(newId(this.now));
    await logged;
    return id;
  }

  /** A person made by the provider; gives the request's id. */
  create(userName: string): Promise<string> {
    const operation = { kind: "createUser", settingId: this.settingId, document: { userName } } as const;
    return this.provider(operation, { label: userName });
  }

  /** A person that the door refuses. */
  refuse(label: string | null, code = "invalid_value"): Promise<string> {
    return this.door({ status: 400, code, label });
  }

  /** Turns the clock to a time, and does on the way what the alarm would. */
  async until(time: number): Promise<void> {
    for (let dueAt = await this.dueAt(); dueAt !== null && dueAt <= time; dueAt = await this.dueAt()) {
      this.now = Math.max(this.now, dueAt);
      this.writer.forget();
      await this.writer.reviewAlerts();
    }
    this.now = time;
  }

  pass(milliseconds: number): Promise<void> {
    return this.until(this.now + milliseconds);
  }

  async alerts(status = "open"): Promise<AlertRow[]> {
    const { results } = await env.DB.prepare(
      `SELECT a.* FROM alerts a JOIN companies c ON c.company_key = a.company_key
       WHERE c.id = ? AND a.status = ? ORDER BY a.kind, a.id`,
    )
      .bind(this.companyId, status)
      .all<Omit<AlertRow, "facts"> & { facts: string }>();
    return results.map((row) => ({ ...row, facts: JSON.parse(row.facts) as AlertFacts })); // as the commit wrote it
  }

  async kinds(status = "open"): Promise<string[]> {
    return (await this.alerts(status)).map(({ kind }) => kind);
  }

  /** How many rows there are of writes that nothing made good. */
  failing(): Promise<number | null> {
    return env.DB.prepare(
      `SELECT count(*) AS n FROM failing_writes f JOIN scim_settings s ON s.setting_key = f.setting_key WHERE s.id = ?`,
    )
      .bind(this.settingId)
      .first<number>("n");
  }

  /** The openings and closings in the feed, in order. */
  async feed(): Promise<string[]> {
    const { results } = await env.DB.prepare(
      `SELECT f.type, f.data->>'kind' AS kind FROM changes f JOIN companies c ON c.company_key = f.company_key
       WHERE c.id = ? AND f.type LIKE 'alert.%' ORDER BY f.seq`,
    )
      .bind(this.companyId)
      .all<{ type: string; kind: string }>();
    return results.map(({ type, kind }) => `${type} ${kind}`);
  }

  /** The subjects of the messages made, in order. */
  async messages(): Promise<string[]> {
    const { results } = await env.DB.prepare(
      `SELECT m.subject FROM messages m JOIN companies c ON c.company_key = m.company_key WHERE c.id = ? ORDER BY m.message_key`,
    )
      .bind(this.companyId)
      .all<{ subject: string }>();
    return results.map(({ subject }) => subject);
  }

  /** Has messages go to a chat. */
  async listen(): Promise<void> {
    const channels = [{ kind: "chat", address: "https://chat.example/hook", allowsLoopback: false } as const];
    await this.admin({ kind: "setChannels", channels, origin: "https://rollcall.example" });
  }
}
