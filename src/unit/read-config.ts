import { compileMappings } from "../directory/derive-user.ts";
import { ATTRIBUTE_INDEX, AUTO_ENROLMENT, TARGET_GROUP } from "../directory/tables.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import { readRow, selectList } from "../platform/table-rows.ts";
import { type Field, type FieldType, mergeMappings } from "../settings/fields.ts";
import type { Criteria, Provider, SettingStatus, TargetGroupScope } from "../settings/setting.ts";
import { type AttributeIndex, indexName } from "./attribute-indexes.ts";
import type { CompanyConfig, FollowUpKind, WriterSetting } from "./company-config.ts";
import { LastUses } from "./last-uses.ts";
import { Lookups } from "./lookups.ts";
import { toTargetGroup } from "./read-targets.ts";
import { Sightings } from "./sightings.ts";
import { MOST_KEPT, TargetGroupCache } from "./target-group-cache.ts";
import type { Row } from "./unit-of-work.ts";

/** Reads everything that rules a company's writes, in one D1 batch; null when there is no such company. */
export async function readConfig(d1: D1Database, companyId: string): Promise<CompanyConfig | null> {
  const ofCompany = "(SELECT company_key FROM companies WHERE id = ?)";
  const ofSettings = `(SELECT setting_key FROM scim_settings WHERE company_key = ${ofCompany})`;
  const [companies, fields, settings, mappings, tokens, enrolments, followUps, webhooks, targetGroups, indexes] =
    await d1.batch<Row>(
      [
        "SELECT company_key, name, commit_no, commit_id, recent_commits, deleted_at FROM companies WHERE id = ?",
        `SELECT * FROM custom_fields WHERE company_key = ${ofCompany}`,
        `SELECT * FROM scim_settings WHERE company_key = ${ofCompany}`,
        `SELECT * FROM field_mappings WHERE setting_key IN ${ofSettings}`,
        `SELECT * FROM tokens WHERE setting_key IN ${ofSettings}`,
        `SELECT * FROM auto_enrolments WHERE company_key = ${ofCompany}`,
        `SELECT * FROM replans WHERE company_key = ${ofCompany} ORDER BY replan_key`,
        `SELECT w.webhook_key, w.id, w.enabled, w.cursor_seq < c.change_seq AS is_behind
         FROM webhooks w JOIN companies c ON c.company_key = w.company_key WHERE w.company_key = ${ofCompany}`,
        `SELECT ${selectList(TARGET_GROUP, "target_groups")} FROM target_groups WHERE company_key = ${ofCompany} LIMIT ${MOST_KEPT + 1}`,
        `SELECT * FROM attribute_indexes WHERE setting_key IN ${ofSettings}`,
      ].map((sql) => d1.prepare(sql).bind(companyId)),
    );
  const company = companies?.results[0];
  if (company === undefined) return null;
  const customFields = (fields?.results ?? []).map(toField);
  const all = (settings?.results ?? []).map((row) => toSetting(row, mappings?.results ?? [], customFields));
  return {
    companyKey: Number(company.company_key),
    companyId,
    name: String(company.name),
    deleted: company.deleted_at !== null,
    commitNo: Number(company.commit_no),
    commitId: company.commit_id === null ? null : String(company.commit_id),
    recentCommits: String(company.recent_commits),
    settings: new Map(all.map((setting) => [setting.id, setting])),
    settingsByKey: new Map(all.map((setting) => [setting.key, setting])),
    customFields,
    autoEnrolments: toAutoEnrolments(enrolments?.results ?? []),
    tokens: toTokens(tokens?.results ?? []),
    followUps: toFollowUps(followUps?.results ?? []),
    webhooks: toWebhooks(webhooks?.results ?? []),
    lastUses: new LastUses(),
    sightings: new Sightings(),
    lookups: new Lookups(),
    attributeIndexes: toAttributeIndexes(indexes?.results ?? []),
    targetGroups: toTargetGroups(targetGroups?.results ?? []),
  };
}

function toTokens(rows: readonly Row[]): CompanyConfig["tokens"] {
  return new Map(
    rows.map((row) => [
      String(row.id),
      { settingKey: Number(row.setting_key), expiresAt: numeric(row.expires_at), revokedAt: numeric(row.revoked_at) },
    ]),
  );
}

function toFollowUps(rows: readonly Row[]): CompanyConfig["followUps"] {
  return rows.map((row) => ({
    key: Number(row.replan_key),
    kind: String(row.kind) as FollowUpKind, // the column holds nothing else: only the writer fills it
    subjectKey: Number(row.scope_key),
    after: Number(row.after_user_key),
    cause: String(row.cause),
  }));
}

function toWebhooks(rows: readonly Row[]): CompanyConfig["webhooks"] {
  return new Map(
    rows.map((row) => [
      String(row.id),
      { key: Number(row.webhook_key), isEnabled: row.enabled === 1, isBehind: row.is_behind === 1 },
    ]),
  );
}

function numeric(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function toField(row: Row): Field {
  return {
    key: String(row.field_key),
    label: String(row.label),
    type: String(row.type) as FieldType, // validated at the door, written by the writer
    standard: false,
    path: null,
  };
}

function toSetting(row: Row, mappings: readonly Row[], customFields: readonly Field[]): WriterSetting {
  const key = Number(row.setting_key);
  const merged = mergeMappings(
    mappings
      .filter((mapping) => mapping.setting_key === key)
      .map((mapping) => ({ field: String(mapping.field_key), path: String(mapping.path) })),
  );
  return {
    key,
    id: String(row.id),
    name: String(row.name),
    // The words below are validated at the door and written by the writer only.
    provider: String(row.provider) as Provider,
    status: String(row.status) as SettingStatus,
    mappings: merged,
    compiledMappings: compileMappings(merged, customFields),
    groupSettings: {
      targetGroupKey: numeric(row.target_group_key),
      targetGroupScope: String(row.target_group_scope) as TargetGroupScope,
      criteria: String(row.criteria) as Criteria,
      field: row.criteria_field === null ? null : String(row.criteria_field),
    },
    dialect: {
      putWithoutMembers: row.put_without_members === "empty" ? "empty" : "keep",
      showPagination: row.show_pagination === 1,
    },
  };
}

function toTargetGroups(rows: readonly Row[]): TargetGroupCache | null {
  return rows.length > MOST_KEPT ? null : new TargetGroupCache(rows.map(toTargetGroup));
}

function toAttributeIndexes(rows: readonly Row[]): CompanyConfig["attributeIndexes"] {
  return new Map(
    rows.map((row) => {
      const index: AttributeIndex = readRow(ATTRIBUTE_INDEX, row);
      return [indexName(index), index];
    }),
  );
}

function toAutoEnrolments(rows: readonly Row[]): Map<number, AutoEnrolment[]> {
  const byGroup = new Map<number, AutoEnrolment[]>();
  for (const row of rows) {
    const key = Number(row.target_group_key);
    const item: AutoEnrolment = readRow(AUTO_ENROLMENT, row);
    byGroup.set(key, [...(byGroup.get(key) ?? []), item]);
  }
  return byGroup;
}
