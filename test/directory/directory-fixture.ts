import { emailKeysOf } from "../../src/directory/derive-user-fields.ts";
import { foldKey } from "../../src/directory/fold-key.ts";
import { foldDocument } from "../../src/directory/folded-document.ts";
import { newId } from "../../src/platform/uuid.ts";
import type { JsonObject } from "../../src/scim/json.ts";

/** A company with one setting and one token row, put straight into D1. */
export interface FixtureSetting {
  companyKey: number;
  companyId: string;
  settingKey: number;
  settingId: string;
  tokenId: string;
}

let companies = 0;

/** Makes a company of its own, as every test must (storage is shared by the tests of a file). */
export async function insertSetting(db: D1Database, status = "active"): Promise<FixtureSetting> {
  companies += 1;
  const companyKey = companies;
  const settingKey = companyKey * 2 ** 32 + 1;
  const [companyId, settingId] = [newId(Date.now()), newId(Date.now())];
  const tokenId = companyKey.toString(16).padStart(24, "0");
  await db.batch([
    db
      .prepare("INSERT INTO companies (company_key, id, name, created_at) VALUES (?, ?, 'Acme', 0)")
      .bind(companyKey, companyId),
    db
      .prepare(
        "INSERT INTO scim_settings (setting_key, company_key, id, name, provider, status, criteria, created_at) VALUES (?, ?, ?, 'S', 'other', ?, 'none', 0)",
      )
      .bind(settingKey, companyKey, settingId, status),
    db
      .prepare("INSERT INTO tokens (setting_key, id, last_four, created_at) VALUES (?, ?, 'abcd', 0)")
      .bind(settingKey, tokenId),
  ]);
  return { companyKey, companyId, settingKey, settingId, tokenId };
}

/** A user or group to insert. Times in milliseconds. */
export interface FixtureResource {
  key: number;
  id: string;
  document: JsonObject;
  createdAt: number;
  updatedAt: number;
  version: number;
}

/** Resources of the given documents with keys from `firstKey` on and ids in their order. */
export function toResources(
  setting: FixtureSetting,
  firstKey: number,
  documents: readonly JsonObject[],
): FixtureResource[] {
  return documents.map((document, index) => ({
    key: setting.companyKey * 2 ** 32 + firstKey + index,
    id: newId(1_700_000_000_000 + index * 1000),
    document,
    createdAt: 1_700_000_000_000 + index * 1000,
    updatedAt: 1_700_000_500_000 + ((index * 7) % 5) * 1000,
    version: 1 + (index % 3),
  }));
}

/** Statements that insert users as the writer does. */
export function insertUsers(
  db: D1Database,
  setting: FixtureSetting,
  users: readonly FixtureResource[],
): D1PreparedStatement[] {
  return users.flatMap((user) => {
    const { userName, externalId, displayName, active } = user.document;
    return [
      db
        .prepare(
          `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, external_id, display_name, active, document, folded_document, version, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .bind(
          user.key,
          setting.companyKey,
          setting.settingKey,
          user.id,
          userName,
          foldKey(String(userName)),
          externalId ?? null,
          displayName ?? null,
          active === false ? 0 : 1,
          JSON.stringify(user.document),
          foldDocument(user.document),
          user.version,
          user.createdAt,
          user.updatedAt,
        ),
      ...emailKeysOf(user.document).map(([value, type]) =>
        db.prepare("INSERT INTO user_emails VALUES (?, ?, ?, ?)").bind(setting.settingKey, value, user.key, type),
      ),
    ];
  });
}

/** Statements that insert groups as the writer does. */
export function insertGroups(
  db: D1Database,
  setting: FixtureSetting,
  groups: readonly FixtureResource[],
): D1PreparedStatement[] {
  return groups.map((group) => {
    const { displayName, externalId } = group.document;
    return db
      .prepare(
        `INSERT INTO groups (group_key, company_key, setting_key, id, display_name, display_name_key, external_id, document, folded_document, version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .bind(
        group.key,
        setting.companyKey,
        setting.settingKey,
        group.id,
        displayName,
        foldKey(String(displayName)),
        externalId ?? null,
        JSON.stringify(group.document),
        foldDocument(group.document),
        group.version,
        group.createdAt,
        group.updatedAt,
      );
  });
}
