import { env } from "cloudflare:workers";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { inflated } from "../log/every-request.ts";

/**
 * What any request may touch without having changed anything: its own log row, the commit number, the last use. The key of
 * a row counts as well: an index that look-ups call for takes one, at any time after them.
 */
const PASSING: Record<string, readonly string[]> = {
  // What the feed says is compared itself: its length grows with alerts, too.
  companies: [
    ...["commit_no", "commit_id", "recent_commits", "stored_form_commit", "next_key", "alerts_due_at", "change_seq"],
    "items_counted_commit",
  ],
  console_sessions: ["last_seen_at"],
  scim_settings: ["last_request_at", "first_request_at", "traffic"],
  tokens: ["last_used_at"],
  // Messages about alerts go out in their own time.
  message_channels: ["last_sent_at", "failure", "failed_at"],
  // A courier goes its rounds in its own time, and tells of alerts too.
  webhooks: [
    ...["cursor_seq", "last_delivered_at", "revision", "is_failing", "failed_attempts", "first_failed_at", "failure"],
    ...["failure_code", "next_attempt_at"],
  ],
};

/** What is made of look-ups, refusals and deliveries and of nothing else, in steps of its own time. */
const OF_LOOKUPS: ReadonlySet<string> = new Set([
  ...[
    "provisioning_log",
    "request_log",
    "packed_look_ups",
    "attribute_indexes",
    "attribute_keys",
    "failing_writes",
    "alerts",
    "messages",
    "webhook_deliveries",
  ],
]);
const ofLookups = (name: string, row: object) =>
  (name === "replans" && "kind" in row && row.kind === "indexUsers") || isOfAlert(row);

function isOfAlert(row: object): boolean {
  return "type" in row && String(row.type).startsWith("alert.");
}

interface Table {
  name: string;
  condition: string;
}

let known: Table[] | null = null;

/** The tables that hold companies' rows, from the schema itself: a new table cannot be forgotten. */
async function listTables(): Promise<Table[]> {
  if (known !== null) return known;
  const { results } = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'd1_%'",
  ).all<{ name: string; sql: string }>();
  known = results.map(({ name, sql }) => {
    const first = /\(\s*(?:--[^\n]*\s*)*(\w+)/.exec(sql)?.[1] ?? "";
    const range = `${first} >= ?1 * ${KEY_SPAN} AND ${first} < (?1 + 1) * ${KEY_SPAN}`;
    return { name, condition: /\bcompany_key\b/.test(sql) ? "company_key = ?1" : range };
  });
  return known;
}

/** All rows of a company by table, as JSON texts. */
export async function dumpCompany(companyId: string): Promise<Record<string, string[]>> {
  const read = await readCompany(companyId, await listTables());
  return Object.fromEntries(read.map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row))]));
}

/** The rows of a company in some tables. */
async function readCompany(companyId: string, tables: readonly Table[]): Promise<[table: string, rows: object[]][]> {
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(companyId)
    .first("company_key");
  const results = await env.DB.batch<Record<string, unknown>>(
    tables.map(({ name, condition }) => env.DB.prepare(`SELECT * FROM ${name} WHERE ${condition}`).bind(key)),
  );
  return tables.map(({ name }, index) => [name, (results[index]?.results ?? []).map(inflated)]);
}

/** What a company's rows come to, leaving out what every request may touch: equal before and after means unchanged. */
export async function digestCompany(companyId: string): Promise<string> {
  const tables = (await listTables()).filter(({ name }) => !OF_LOOKUPS.has(name));
  const read = await readCompany(companyId, tables);
  return JSON.stringify(
    read.map(([name, rows]) => [
      name,
      rows
        .filter((row) => !ofLookups(name, row))
        .map((row) => without(row, PASSING[name] ?? []))
        .sort(),
    ]),
  );
}

function without(row: object, columns: readonly string[]): string {
  return JSON.stringify(Object.entries(row).filter(([column]) => !columns.includes(column)));
}
