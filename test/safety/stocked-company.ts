import { env } from "cloudflare:workers";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
import { moveFence } from "../writer/foreign-commit.ts";
import { must, type PopulatedCompany, personOf, populate, trustOf } from "./populated-company.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/** A company with more in each of its lists than the console shows on a page, and its keys. */
export interface StockedCompany extends PopulatedCompany {
  name: string;
  companyKey: number;
  settingKey: number;
  /** Another setting of the same company, with people and groups of its own. */
  otherSetting: Awaited<ReturnType<typeof newSetting>>;
  /** Keys of rows that lists go by: people, target groups, enrolments, requests. */
  keys: number[];
}

/** More than the longest page of the console has. */
const MANY = 60;

/** Makes a company through the doors, then fills its lists by SQL with `many` rows each; `mark` is in every name it holds. */
export async function stock(mark: string, many = MANY): Promise<StockedCompany> {
  const company = await populate(mark);
  const at = `/companies/${company.companyId}`;
  const otherSetting = await newSetting(company.companyId, { name: `Other ${mark}` });
  for (const n of [1, 2, 3]) {
    const user = must(await otherSetting.send("POST", "/Users", { ...personOf(`${mark}${n}`) }), 201);
    must(await otherSetting.send("POST", "/Groups", { displayName: `Team ${mark} ${n}` }), 201);
    must(await company.client.send("POST", "/Groups", { displayName: `Squad ${mark} ${n}` }), 201);
    must(await operate("PUT", `${at}/target-groups/${company.targetGroupId}/members/${user.id}`), 204);
    must(await operate("POST", `${at}/scim-settings/${company.settingId}/tokens`, {}), 201);
    must(await operate("POST", `${at}/scim-settings/${company.settingId}/clients`, { name: `${mark} ${n}` }), 201);
    must(await operate("POST", `${at}/scim-settings/${company.settingId}/trusts`, trustOf(`${mark}${n}`)), 201);
    const url = `https://more-${n}-${mark}.example.com/`;
    must(
      await operate("PATCH", `${at}/webhooks/${must(await operate("POST", `${at}/webhooks`, { url }), 201).id}`, {
        enabled: false,
      }),
      200,
    );
  }
  const row = await env.DB.prepare(
    `SELECT c.company_key AS companyKey, s.setting_key AS settingKey,
       (SELECT target_group_key FROM target_groups WHERE id = ?3) AS groupKey,
       (SELECT webhook_key FROM webhooks WHERE id = ?4) AS webhookKey
     FROM companies c JOIN scim_settings s ON s.company_key = c.company_key AND s.id = ?2 WHERE c.id = ?1`,
  )
    .bind(company.companyId, company.settingId, company.targetGroupId, company.webhookId)
    .first<{ companyKey: number; settingKey: number; groupKey: number; webhookKey: number }>();
  if (row === null) throw new Error("the company is not there");
  await waitForLogAndWork(company.client);
  await env.DB.batch(fill({ ...row, userId: company.userId, holdId: company.holdId, mark, many }));
  await moveFence(company.companyId);
  const first = row.companyKey * KEY_SPAN;
  return {
    ...company,
    ...row,
    name: `Company ${mark}`,
    otherSetting,
    keys: [first, first + 1, first + 5_000, row.groupKey],
  };
}

interface Stock {
  companyKey: number;
  settingKey: number;
  groupKey: number;
  webhookKey: number;
  userId: string;
  holdId: string;
  mark: string;
  many: number;
}

/** Rows that come by SQL begin at this place of a company's span. */
const PLACE = 5_000;

/** The key before the first of the rows that come by SQL. */
const firstKeyOf = (companyKey: number): number => companyKey * KEY_SPAN + PLACE;

/** An id for the row `i` of the company whose key is the first value. */
const ID = `printf('0192f0aa-0000-7000-8000-%04x%08x', ?1 & 65535, i)`;

/** Statements that insert `many` rows at once, the numbers of which are `i`. */
function forEach(many: number) {
  return (sql: string, ...values: (string | number)[]) =>
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many}) ${sql} FROM n`,
    ).bind(...values);
}

function fill(stock: Stock): D1PreparedStatement[] {
  return [...fillPeople(stock), ...fillHolds(stock), ...fillHistory(stock)];
}

/** People, and who of them is in the target group. */
function fillPeople({ companyKey, settingKey, groupKey, mark, many }: Stock): D1PreparedStatement[] {
  const first = firstKeyOf(companyKey);
  const each = forEach(many);
  return [
    each(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version,
         created_at, updated_at)
       SELECT ?3 + i, ?1, ?2, ${ID}, ?4 || i, ?4 || i, 1, json_object('userName', ?4 || i, 'title', ?4 || i), 1, 1, 1`,
      ...[companyKey, settingKey, first, `row-${mark}-`],
    ),
    each(
      `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
       SELECT ?1, ?2 + i, 'manual', 0, 0, '', 1`,
      ...[groupKey, first],
    ),
    env.DB.prepare(
      `UPDATE target_groups SET member_count = (SELECT count(DISTINCT user_key) FROM target_group_members m
         WHERE m.target_group_key = target_groups.target_group_key) WHERE target_group_key = ?`,
    ).bind(groupKey),
  ];
}

/** Holds and alerts, and what the open hold keeps; the people are there. */
function fillHolds({ companyKey, settingKey, groupKey, holdId, many }: Stock): D1PreparedStatement[] {
  const first = firstKeyOf(companyKey);
  const each = forEach(many);
  return [
    each(
      `INSERT INTO holds (hold_key, company_key, setting_key, id, kind, status, version, people, released, kept, dissolved,
         causes, opened_at) SELECT ?3 + 3000 + i, ?1, ?2, ${ID}, 'leavers', 'closed', 1, 0, 0, 0, 0, '[]', 1`,
      ...[companyKey, settingKey, first],
    ),
    each(
      `INSERT INTO alerts (company_key, id, kind, status, setting_key, subject, facts, since, last_seen_at, count, closed_at)
       SELECT ?1, ${ID}, 'silent', 'closed', ?2, 'x' || i, '{"lastAt":1}', 1, 1, 1, (unixepoch() - 172800) * 1000`,
      ...[companyKey, settingKey],
    ),
    each(
      `INSERT INTO hold_applied (hold_key, user_key, target_group_key, kind, source_key, detail, lost_at)
       SELECT (SELECT hold_key FROM holds WHERE id = ?2), ?1 + i, 0, 'leaver', 0, '', 1`,
      ...[first, holdId],
    ),
    env.DB.prepare(
      `UPDATE target_group_members SET held_by = (SELECT hold_key FROM holds WHERE id = ?1)
       WHERE target_group_key = ?2 AND user_key > ?3`,
    ).bind(holdId, groupKey, first),
  ];
}

/** Target groups, requests, deliveries, changes and other companies. */
function fillHistory({ companyKey, settingKey, webhookKey, userId, mark, many }: Stock): D1PreparedStatement[] {
  const first = firstKeyOf(companyKey);
  const each = forEach(many);
  return [
    each(
      `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, member_count, created_at)
       SELECT ?2 + 1000 + i, ?1, ${ID}, ?3 || i, ?3 || i, 'manual', i % 7, 1`,
      ...[companyKey, first, `group-${mark}-`],
    ),
    each(
      `INSERT INTO provisioning_log (log_key, company_key, setting_key, id, time, method, path, status, duration, label)
       SELECT ?3 + 2000 + i, ?1, ?2, ${ID}, 1000 + i, 'POST', '/Users', 201, 1, ?4 || i`,
      ...[companyKey, settingKey, first, `log-${mark}-`],
    ),
    each(
      `INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, duration, first_attempt_at, last_attempt_at)
       SELECT ?1, i, 'user.created', 'delivered', 1, 1, 1, 1`,
      webhookKey,
    ),
    each(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause)
       SELECT ?1, (SELECT change_seq FROM companies WHERE company_key = ?1) + i, 'user.updated', 1, 'user', ?2, ?2,
         json_object('userName', ?3, 'changed', json('{}')),
         '{"requestId":"","actor":"scim","settingId":null,"provider":null,"rule":null}'`,
      ...[companyKey, userId, `change-${mark}`],
    ),
    env.DB.prepare(`UPDATE companies SET change_seq = change_seq + ${many} WHERE company_key = ?`).bind(companyKey),
    each(
      `INSERT INTO companies (company_key, id, name, created_at)
       SELECT ?1 * 1000 + i, ${ID}, 'Filler ' || i, 1`,
      companyKey,
    ),
  ];
}
