import { selectFailingWrites, selectKnownAlerts, selectPlannedWork } from "../alerts/alert-store.ts";
import { failingKey } from "../alerts/failing-write.ts";
import type { Traffic } from "../alerts/setting-traffic.ts";
import { quotasOf } from "../companies/quotas.ts";
import { companies } from "../companies/tables.ts";
import { compileMappings } from "../directory/derive-user-fields.ts";
import { ATTRIBUTE_INDEX, AUTO_ENROLMENT, autoEnrolments, TARGET_GROUP } from "../directory/tables.ts";
import type { Hold } from "../holds/hold.ts";
import { HOLD, holdDecisions } from "../holds/tables.ts";
import { Sightings } from "../log/record-unused-paths.ts";
import { DAY } from "../platform/clock.ts";
import { columnsIn, columnsOf } from "../platform/columns.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { FormPlace } from "../platform/stored-row-forms.ts";
import { SETTING, toSetting } from "../settings/setting-row.ts";
import { customFields, fieldMappings, oauthClients, scimSettings, tokens } from "../settings/tables.ts";
import { selectAskedLinks, selectConfirmableChannels } from "../webhooks/alert-messages/channel-store.ts";
import { LINKS_KEPT } from "../webhooks/alert-messages/confirmation-links.ts";
import { webhooks } from "../webhooks/tables.ts";
import { indexName } from "./attribute-index.ts";
import type { CompanyConfig, WebhookRow, WriterSetting } from "./company-config.ts";
import { toTargetGroup } from "./read-target-groups-and-enrolments.ts";
import { RowCache } from "./row-cache.ts";
import { followUps } from "./tables.ts";
import { MOST_CACHED, TargetGroupCache } from "./target-group-cache.ts";
import { LastUses } from "./token-last-used.ts";
import { Lookups } from "./unindexed-lookups.ts";

const COMPANY = columnsOf(companies, "c", [
  "key",
  "name",
  "commitNo",
  "commitId",
  "recentCommits",
  "deletedAt",
  "ownQuotas",
  "alertsDueAt",
  "enrolmentsDueAt",
  "itemsCountedBy",
]);
const FORM = columnsOf(companies, "c", ["storedForm", "storedFormAfter", "storedFormCommit", "commitId"]);
const FIELD = columnsOf(customFields, "f", ["key", "label", "type"]);
const OF_SETTING = columnsIn(SETTING, "s");
const TRAFFIC = columnsOf(scimSettings, "s", ["createdAt", "traffic"]);
const STATE = columnsOf(scimSettings, "s", ["key", "status", "createdAt", "traffic"]);
const MAPPING = columnsOf(fieldMappings, "m", ["settingKey", "field", "path"]);
const TOKEN = columnsOf(tokens, "t", [
  "id",
  "settingKey",
  "expiresAt",
  "revokedAt",
  "kind",
  "clientId",
  "lastFour",
  "createdAt",
  "lastUsedAt",
]);
const CLIENT = columnsOf(oauthClients, "o", ["id", "settingKey", "revokedAt"]);
const ITEM = columnsIn(AUTO_ENROLMENT, "a");
const ITEM_GROUP = columnsOf(autoEnrolments, "a", ["targetGroupKey"]);
const FOLLOW_UP = columnsOf(followUps, "r", [
  "key",
  "kind",
  "subjectKey",
  "after",
  "cause",
  "leftOut",
  "refusal",
  "refusedAt",
]);
const OF_HOLD = columnsIn(HOLD, "h");
const DECISION = columnsOf(holdDecisions, "d", ["key", "holdKey", "action", "version"]);
const WEBHOOK = columnsOf(webhooks, "w", ["id", "key", "url", "isEnabled", "isFailing", "failure"]);
const OF_INDEX = columnsIn(ATTRIBUTE_INDEX, "i");
const OF_TARGET_GROUP = columnsIn(TARGET_GROUP, "t");

/** Reads everything that rules a company's writes, in one D1 batch; null when there is no such company. */
export async function readConfig(d1: D1Database, companyId: string, now: number): Promise<CompanyConfig | null> {
  const read = await runRead({ d1 }, selectConfig(companyId, now));
  if (read.company === null) return null;
  const { key: companyKey, deletedAt, ...company } = read.company;
  const fields = read.fields.map((field) => ({ ...field, standard: false, path: null }));
  const settings = read.settings.map(({ row }): WriterSetting => {
    const overrides = read.mappings.filter(({ settingKey }) => settingKey === row.key);
    const setting = toSetting(row, overrides);
    return { ...setting, compiledMappings: compileMappings(setting.mappings, fields) };
  });
  return {
    ...company,
    companyKey,
    companyId,
    deleted: deletedAt !== null,
    quotas: quotasOf(company.ownQuotas),
    settings: new Map(settings.map((setting) => [setting.id, setting])),
    settingsByKey: new Map(settings.map((setting) => [setting.key, setting])),
    settingStates: new Map(read.settings.map(({ state: { key, status, createdAt } }) => [key, { status, createdAt }])),
    traffic: new Map(read.settings.flatMap(({ state }) => trafficOf(state))),
    alerts: new Map(read.alerts.map((alert) => [alert.id, alert])),
    failingWrites: new Map(read.failing.map((row) => [failingKey(row), row])),
    plannedWork: read.plannedWork,
    channels: read.channels,
    askedLinks: read.askedLinks,
    customFields: fields,
    autoEnrolments: gatherItems(read.items),
    tokens: new Map(read.tokens.map(({ id, ...token }) => [id, token])),
    clients: new Map(read.clients.map(({ id, ...client }) => [id, client])),
    followUps: read.followUps,
    webhooks: new Map(read.webhooks.map(({ id, ...webhook }) => [id, webhook])),
    openHolds: new Map(read.holds.map((hold) => [hold.key, hold])),
    heirs: new Map(settings.flatMap((setting) => (setting.heirOf === null ? [] : [[setting.heirOf, setting]]))),
    decisions: new Map(read.decisions.map((decision) => [decision.key, decision])),
    lastUses: new LastUses(),
    sightings: new Sightings(),
    lookups: new Lookups(),
    cache: new RowCache(),
    attributeIndexes: new Map(read.indexes.map((index) => [indexName(index), index])),
    targetGroups: read.targetGroups.length > MOST_CACHED ? null : new TargetGroupCache(read.targetGroups),
  };
}

function selectConfig(companyId: string, now: number) {
  const ofCompany = sql`(SELECT company_key FROM companies WHERE id = ${companyId})`;
  const ofSettings = sql`(SELECT setting_key FROM scim_settings WHERE company_key = ${ofCompany})`;
  return together({
    company: selectCompany(companyId, ofCompany),
    fields: selectAll(sql`SELECT ${FIELD.list} FROM custom_fields f WHERE f.company_key = ${ofCompany}`, FIELD.read),
    settings: selectAll(
      sql`SELECT ${OF_SETTING.list}, ${TRAFFIC.list} FROM scim_settings s WHERE s.company_key = ${ofCompany}`,
      (row) => ({ row: OF_SETTING.read(row), state: STATE.read(row) }),
    ),
    mappings: selectAll(
      sql`SELECT ${MAPPING.list} FROM field_mappings m WHERE m.setting_key IN ${ofSettings}`,
      MAPPING.read,
    ),
    tokens: selectAll(sql`SELECT ${TOKEN.list} FROM tokens t WHERE t.setting_key IN ${ofSettings}`, TOKEN.read),
    clients: selectAll(
      sql`SELECT ${CLIENT.list} FROM oauth_clients o WHERE o.setting_key IN ${ofSettings}`,
      CLIENT.read,
    ),
    items: selectItems(ofCompany),
    followUps: selectAll(
      sql`SELECT ${FOLLOW_UP.list} FROM replans r WHERE r.company_key = ${ofCompany} ORDER BY r.replan_key`,
      FOLLOW_UP.read,
    ),
    webhooks: selectWebhooks(ofCompany),
    holds: selectAll(
      sql`SELECT ${OF_HOLD.list} FROM holds h WHERE h.company_key = ${ofCompany} AND h.status = 'open'`,
      (row): Hold => OF_HOLD.read(row),
    ),
    alerts: selectKnownAlerts(ofCompany, now - DAY),
    failing: selectFailingWrites(ofSettings),
    plannedWork: selectPlannedWork(ofCompany),
    channels: selectConfirmableChannels(ofCompany),
    askedLinks: selectAskedLinks(ofCompany, now - LINKS_KEPT),
    decisions: selectAll(
      sql`SELECT ${DECISION.list} FROM hold_decisions d WHERE d.company_key = ${ofCompany}`,
      DECISION.read,
    ),
    indexes: selectAll(
      sql`SELECT ${OF_INDEX.list} FROM attribute_indexes i WHERE i.setting_key IN ${ofSettings}`,
      OF_INDEX.read,
    ),
    targetGroups: selectAll(
      sql`SELECT ${OF_TARGET_GROUP.list} FROM target_groups t WHERE t.company_key = ${ofCompany} LIMIT ${MOST_CACHED + 1}`,
      (row) => toTargetGroup(OF_TARGET_GROUP.read(row)),
    ),
  });
}

function selectItems(ofCompany: Sql) {
  return selectAll(
    sql`SELECT ${ITEM_GROUP.list}, ${ITEM.list} FROM auto_enrolments a WHERE a.company_key = ${ofCompany}`,
    (row) => ({ group: ITEM_GROUP.read(row).targetGroupKey, item: ITEM.read(row) }),
  );
}

/** What is kept of a setting's use; none of one that has not been used since it is kept. */
function trafficOf({ key, traffic }: { key: number; traffic: string | null }): [number, Traffic][] {
  return traffic === null ? [] : [[key, JSON.parse(traffic) as Traffic]]; // as a commit wrote it
}

function selectCompany(companyId: string, ofCompany: Sql) {
  const statement = sql`SELECT ${COMPANY.list}, ${FORM.list},
    EXISTS (SELECT 1 FROM lost_names WHERE company_key = ${ofCompany}) AS hasLostNames,
    EXISTS (SELECT 1 FROM enrolments e WHERE e.company_key = ${ofCompany}
      AND (e.status = 'active' OR e.progress_status = 'completed')) AS hasEnrolments FROM companies c WHERE c.id = ${companyId}`;
  return selectFirst(statement, (row) => {
    const { hasLostNames, hasEnrolments } = row as { hasLostNames: number; hasEnrolments: number }; // by the statement above
    return {
      ...{ ...COMPANY.read(row), storedForm: toFormPlace(FORM.read(row)) },
      ...{ hasLostNames: hasLostNames === 1, hasEnrolments: hasEnrolments === 1 },
    };
  });
}

/** Where an older Worker has committed since, whatever it wrote has the form of before. */
function toFormPlace({ storedForm, storedFormAfter, ...row }: ReturnType<typeof FORM.read>): FormPlace {
  return row.storedFormCommit === row.commitId ? { done: storedForm, after: storedFormAfter } : { done: 0, after: "" };
}

function selectWebhooks(ofCompany: Sql): Read<(WebhookRow & { id: string })[]> {
  const statement = sql`SELECT ${WEBHOOK.list}, w.cursor_seq < c.change_seq AS isBehind
    FROM webhooks w JOIN companies c ON c.company_key = w.company_key WHERE w.company_key = ${ofCompany}`;
  return selectAll(statement, (row) => {
    const { isBehind } = row as { isBehind: number }; // by the statement above
    return { ...WEBHOOK.read(row), isBehind: isBehind === 1 };
  });
}

function gatherItems<Item>(rows: readonly { group: number; item: Item }[]): Map<number, Item[]> {
  const byGroup = new Map<number, Item[]>();
  for (const { group, item } of rows) byGroup.set(group, [...(byGroup.get(group) ?? []), item]);
  return byGroup;
}
