import { sendBatch } from "../platform/read-batch.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import { literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { OperationContext } from "./operation-context.ts";

/** Rows that one commit deletes. */
const STEP_ROWS = 3_000;

interface CompanyTable {
  name: string;
  /** The columns that name a row. */
  key: string;
  /** What a company's rows have in common. */
  condition(companyKey: number): Sql;
}

const ofCompany = (companyKey: number) => sql`company_key = ${companyKey}`;
const ofSettings = (companyKey: number) =>
  sql`setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey})`;

/** Rows whose first column is a key of the company's own range. */
function inRange(name: string, column: string, key: string): CompanyTable {
  const [own, span] = [rawSql(column), literal(KEY_SPAN)];
  return { name, key, condition: (of) => sql`${own} >= ${of} * ${span} AND ${own} < (${of} + 1) * ${span}` };
}

/** The webhooks that have yet to tell that their company is over. */
const telling = (companyKey: number) =>
  sql`SELECT w.webhook_key FROM webhooks w JOIN companies c ON c.company_key = w.company_key
    WHERE w.company_key = ${companyKey} AND w.enabled = 1 AND w.is_failing = 0 AND w.cursor_seq < c.change_seq`;
const isTold = (companyKey: number) => sql`NOT EXISTS (${telling(companyKey)})`;

/** Every table that holds rows of companies but their own, in an order in which none outlives what it is found by. */
export const COMPANY_TABLES: readonly CompanyTable[] = [
  { name: "provisioning_log", key: "log_key", condition: ofCompany },
  { name: "request_log", key: "setting_key, lane, id", condition: ofSettings },
  { name: "packed_look_ups", key: "setting_key, name, pack_id", condition: ofSettings },
  inRange("group_members", "group_key", "group_key, user_key"),
  inRange("group_subgroups", "group_key", "group_key, subgroup_key"),
  inRange("target_group_members", "target_group_key", "target_group_key, user_key, kind, setting_key, source_key"),
  inRange("enrolments", "enrolment_key", "enrolment_key"),
  { name: "user_emails", key: "setting_key, value_key, user_key, type_key", condition: ofSettings },
  inRange("users", "user_key", "user_key"),
  inRange("former_names", "user_key", "user_key, name"),
  inRange("groups", "group_key", "group_key"),
  inRange("target_groups", "target_group_key", "target_group_key"),
  { name: "lost_names", key: "company_key, row_key", condition: ofCompany },
  { name: "auto_enrolments", key: "company_key, target_group_key, kind, item_id", condition: ofCompany },
  { name: "stopped_items", key: "stop_key", condition: ofCompany },
  { name: "catalogue_items", key: "company_key, kind, item_id", condition: ofCompany },
  { name: "enrolled_items", key: "company_key, kind, item_id", condition: ofCompany },
  { name: "custom_fields", key: "company_key, field_key", condition: ofCompany },
  { name: "field_mappings", key: "setting_key, field_key", condition: ofSettings },
  { name: "oauth_clients", key: "setting_key, id", condition: ofSettings },
  { name: "oauth_trusts", key: "setting_key, id", condition: ofSettings },
  { name: "tokens", key: "setting_key, id", condition: ofSettings },
  inRange("attribute_keys", "index_key", "index_key, value_key, user_key"),
  { name: "attribute_indexes", key: "index_key", condition: ofSettings },
  { name: "sent_not_used", key: "setting_key, kind, path", condition: ofSettings },
  inRange("webhook_deliveries", "webhook_key", "webhook_key, seq"),
  { name: "console_links", key: "secret_hash", condition: ofCompany },
  { name: "alerts", key: "company_key, id", condition: ofCompany },
  { name: "failing_writes", key: "setting_key, code, subject", condition: ofSettings },
  { name: "planned_work", key: "company_key", condition: ofCompany },
  { name: "messages", key: "message_key", condition: ofCompany },
  { name: "confirmation_links", key: "company_key, address, asked_at", condition: ofCompany },
  { name: "message_channels", key: "company_key, id", condition: ofCompany },
  { name: "brakes", key: "setting_key", condition: ofSettings },
  inRange("hold_applied", "hold_key", "hold_key, user_key, target_group_key"),
  { name: "holds", key: "hold_key", condition: ofCompany },
  { name: "hold_decisions", key: "decision_key", condition: ofCompany },
  { name: "idempotency_keys", key: "company_key, key", condition: ofCompany },
  {
    name: "changes",
    key: "company_key, seq",
    condition: (of) =>
      sql`${ofCompany(of)} AND (seq < (SELECT change_seq FROM companies WHERE company_key = ${of}) OR ${isTold(of)})`,
  },
  { name: "scim_settings", key: "setting_key", condition: ofCompany },
  {
    ...inRange("webhook_secrets", "webhook_key", "webhook_key, id"),
    condition: (of) =>
      sql`webhook_key IN (SELECT webhook_key FROM webhooks WHERE ${ofCompany(of)}) AND webhook_key NOT IN (${telling(of)})`,
  },
  {
    name: "webhooks",
    key: "webhook_key",
    condition: (of) => sql`${ofCompany(of)} AND webhook_key NOT IN (${telling(of)})`,
  },
  { name: "replans", key: "replan_key", condition: (of) => sql`${ofCompany(of)} AND ${isTold(of)}` },
];

/** How many rows each table still holds of a company, counted up to one more than a commit deletes. */
export async function countCompanyRows(d1: D1Database, companyKey: number): Promise<number[]> {
  const counts = await sendBatch(
    d1,
    COMPANY_TABLES.map(
      ({ name, condition }) => sql`SELECT count(*) AS n FROM
        (SELECT 1 FROM ${rawSql(name)} WHERE ${condition(companyKey)} LIMIT ${literal(STEP_ROWS + 1)})`,
    ),
  );
  return counts.map(({ results }) => Number(results[0]?.n ?? 0));
}

/**
 * Deletes some of a deleted company's rows: whole tables, in their order, until a commit has enough. What is left is found
 * by looking, so a crash loses no place; the follow-up that asks for it is the last row to go.
 */
export function eraseSome({ unit }: OperationContext, counts: readonly number[]): void {
  let room = STEP_ROWS;
  for (const [index, { name, key, condition }] of COMPANY_TABLES.entries()) {
    const rows = counts[index] ?? 0;
    if (rows === 0) continue;
    const count = Math.min(rows, room);
    const [table, columns] = [rawSql(name), rawSql(key)];
    unit.execute(sql`DELETE FROM ${table} WHERE (${columns}) IN
      (SELECT ${columns} FROM ${table} WHERE ${condition(unit.config.companyKey)} LIMIT ${literal(count)})`);
    room -= count;
    if (rows > count || room === 0) return;
  }
}
