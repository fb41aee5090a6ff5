import { sendAsWritten } from "../platform/read-batch.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import type { OperationContext } from "./operation-context.ts";

/** Rows that one commit deletes. */
const STEP_ROWS = 3_000;

interface CompanyTable {
  name: string;
  /** The columns that name a row. */
  key: string;
  /** What a company's rows have in common; `?1` is the company's key. */
  condition: string;
}

const OF_COMPANY = "company_key = ?1";
const OF_SETTINGS = "setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?1)";

/** Rows whose first column is a key of the company's own range. */
function inRange(name: string, column: string, key: string): CompanyTable {
  return { name, key, condition: `${column} >= ?1 * ${KEY_SPAN} AND ${column} < (?1 + 1) * ${KEY_SPAN}` };
}

/** The webhooks that have yet to tell that their company is over. */
const TELLING = `SELECT w.webhook_key FROM webhooks w JOIN companies c ON c.company_key = w.company_key
  WHERE w.company_key = ?1 AND w.enabled = 1 AND w.is_failing = 0 AND w.cursor_seq < c.change_seq`;
const IS_TOLD = `NOT EXISTS (${TELLING})`;

/** Every table that holds rows of companies but their own, in an order in which none outlives what it is found by. */
export const COMPANY_TABLES: readonly CompanyTable[] = [
  { name: "provisioning_log", key: "log_key", condition: OF_COMPANY },
  { name: "request_log", key: "setting_key, lane, id", condition: OF_SETTINGS },
  { name: "packed_look_ups", key: "setting_key, name, pack_id", condition: OF_SETTINGS },
  inRange("group_members", "group_key", "group_key, user_key"),
  inRange("group_subgroups", "group_key", "group_key, subgroup_key"),
  inRange("target_group_members", "target_group_key", "target_group_key, user_key, kind, setting_key, source_key"),
  inRange("enrolments", "enrolment_key", "enrolment_key"),
  { name: "user_emails", key: "setting_key, value_key, user_key, type_key", condition: OF_SETTINGS },
  inRange("users", "user_key", "user_key"),
  inRange("former_names", "user_key", "user_key, name"),
  inRange("groups", "group_key", "group_key"),
  inRange("target_groups", "target_group_key", "target_group_key"),
  { name: "lost_names", key: "company_key, row_key", condition: OF_COMPANY },
  { name: "auto_enrolments", key: "company_key, target_group_key, kind, item_id", condition: OF_COMPANY },
  { name: "stopped_items", key: "stop_key", condition: OF_COMPANY },
  { name: "catalogue_items", key: "company_key, kind, item_id", condition: OF_COMPANY },
  { name: "enrolled_items", key: "company_key, kind, item_id", condition: OF_COMPANY },
  { name: "custom_fields", key: "company_key, field_key", condition: OF_COMPANY },
  { name: "field_mappings", key: "setting_key, field_key", condition: OF_SETTINGS },
  { name: "oauth_clients", key: "setting_key, id", condition: OF_SETTINGS },
  { name: "oauth_trusts", key: "setting_key, id", condition: OF_SETTINGS },
  { name: "tokens", key: "setting_key, id", condition: OF_SETTINGS },
  inRange("attribute_keys", "index_key", "index_key, value_key, user_key"),
  { name: "attribute_indexes", key: "index_key", condition: OF_SETTINGS },
  { name: "sent_not_used", key: "setting_key, kind, path", condition: OF_SETTINGS },
  inRange("webhook_deliveries", "webhook_key", "webhook_key, seq"),
  { name: "console_links", key: "secret_hash", condition: OF_COMPANY },
  { name: "alerts", key: "company_key, id", condition: OF_COMPANY },
  { name: "failing_writes", key: "setting_key, code, subject", condition: OF_SETTINGS },
  { name: "planned_work", key: "company_key", condition: OF_COMPANY },
  { name: "messages", key: "message_key", condition: OF_COMPANY },
  { name: "confirmation_links", key: "company_key, address, asked_at", condition: OF_COMPANY },
  { name: "message_channels", key: "company_key, id", condition: OF_COMPANY },
  { name: "brakes", key: "setting_key", condition: OF_SETTINGS },
  inRange("hold_applied", "hold_key", "hold_key, user_key, target_group_key"),
  { name: "holds", key: "hold_key", condition: OF_COMPANY },
  { name: "hold_decisions", key: "decision_key", condition: OF_COMPANY },
  { name: "idempotency_keys", key: "company_key, key", condition: OF_COMPANY },
  {
    name: "changes",
    key: "company_key, seq",
    condition: `${OF_COMPANY} AND (seq < (SELECT change_seq FROM companies WHERE company_key = ?1) OR ${IS_TOLD})`,
  },
  { name: "scim_settings", key: "setting_key", condition: OF_COMPANY },
  {
    ...inRange("webhook_secrets", "webhook_key", "webhook_key, id"),
    condition: `webhook_key IN (SELECT webhook_key FROM webhooks WHERE ${OF_COMPANY}) AND webhook_key NOT IN (${TELLING})`,
  },
  { name: "webhooks", key: "webhook_key", condition: `${OF_COMPANY} AND webhook_key NOT IN (${TELLING})` },
  { name: "replans", key: "replan_key", condition: `${OF_COMPANY} AND ${IS_TOLD}` },
];

/** How many rows each table still holds of a company, counted up to one more than a commit deletes. */
export async function countCompanyRows(d1: D1Database, companyKey: number): Promise<number[]> {
  const counts = await sendAsWritten(
    d1,
    COMPANY_TABLES.map(({ name, condition }) => ({
      sql: `SELECT count(*) AS n FROM (SELECT 1 FROM ${name} WHERE ${condition} LIMIT ${STEP_ROWS + 1})`,
      params: [companyKey],
    })),
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
    unit.execute(
      `DELETE FROM ${name} WHERE (${key}) IN (SELECT ${key} FROM ${name} WHERE ${condition} LIMIT ${count})`,
      [unit.config.companyKey],
    );
    room -= count;
    if (rows > count || room === 0) return;
  }
}
