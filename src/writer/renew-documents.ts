import { deriveUser } from "../directory/derive-user-fields.ts";
import { foldDocument } from "../directory/folded-document.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { GROUP, USER } from "../directory/tables.ts";
import { columnsOfFields, fieldsOf, type User } from "../directory/user.ts";
import { columnsIn } from "../platform/columns.ts";
import { runRead, selectFirst, selectRows, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";
import type { JsonObject } from "../scim/json.ts";
import { withoutSecrets } from "../scim/without-secrets.ts";
import { type CompanyConfig, isManaging } from "../unit/company-config.ts";
import { refOf, splitRef } from "../unit/resource-references.ts";
import type { Row } from "../unit/unit-of-work.ts";
import type { FoundRows, Renewal } from "./renewal.ts";
import { rereadFields } from "./reread-fields.ts";

/** Documents that one look goes through, and their bytes. */
const WINDOW = 300;
const BYTES = 4_000_000;

/** The documents of groups without secrets, folded anew. */
export const renewGroupDocuments: Renewal = {
  isFirst: false,
  read: (d1, config, after) =>
    readDocuments(d1, { ...GROUPS, companyKey: config.companyKey, after, settings: [] }, (row) =>
      isStoredOtherwise(parseDocument(OF_GROUP.read(row).document), row),
    ),
  foresee: ({ groups }, ref) => groups.want(ref),
  renew({ unit }, ref) {
    const group = unit.groups.get(ref);
    if (group === undefined) return [];
    const before = parseDocument(group.document);
    const document = withoutSecrets(before);
    if (document !== before)
      unit.setGroup(ref, {
        ...group,
        document: JSON.stringify(document),
        version: group.version + 1,
        updatedAt: unit.now,
      });
    unit.execute(sql`UPDATE groups SET folded_document = ${foldDocument(document)} WHERE group_key = ${group.key}`);
    return [];
  },
};

/** The documents of users without secrets, folded anew. */
export const renewUserDocuments: Renewal = {
  isFirst: false,
  read: (d1, config, after) =>
    readDocuments(d1, { ...USERS, companyKey: config.companyKey, after, settings: [] }, (row) => {
      const user = OF_USER.read(row);
      const { fullNameKey } = columnsOfFields(fieldsOf(user));
      return isStoredOtherwise(parseDocument(String(row.document)), row) || fullNameKey !== user.fullNameKey;
    }),
  foresee: (unit, ref) => unit.wantUser(ref),
  renew({ unit }, ref) {
    const user = unit.users.get(ref);
    const text = unit.documents.get(ref);
    if (user === undefined || text === undefined) return [];
    const before = parseDocument(text);
    const document = withoutSecrets(before);
    const { fullNameKey } = columnsOfFields(fieldsOf(user));
    const isChanged = document !== before;
    // Written even where it is the same: its folded document is made of the document when it is.
    unit.setUser(ref, { ...user, fullNameKey, ...(isChanged && { version: user.version + 1, updatedAt: unit.now }) });
    if (isChanged) unit.documents.set(ref, JSON.stringify(document));
    return [];
  },
};

/**
 * The documents of users read anew into the fields that are mapped to them: dates, numbers and booleans take more forms than
 * they did, and an element without the value hides none that has it.
 */
export const renewUserFields: Renewal = {
  isFirst: false,
  read: (d1, config, after) =>
    readDocuments(d1, { ...USERS, companyKey: config.companyKey, after, settings: managingSettings(config) }, (row) =>
      isReadOtherwise(OF_USER.read(row), parseDocument(String(row.document)), config),
    ),
  foresee: (unit, ref) => unit.wantUser(ref),
  renew(context, ref) {
    const { unit } = context;
    const user = unit.users.get(ref);
    const text = unit.documents.get(ref);
    const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
    // Those whom a deleted setting left stay as they stand.
    if (user === undefined || text === undefined || setting === undefined || !isManaging(setting)) return [];
    return rereadFields(context, setting, { ref, user }, parseDocument(text));
  },
};

const OF_GROUP = columnsIn(GROUP, "r");
const OF_USER = columnsIn(USER, "r");
const GROUPS = { table: sql`groups`, key: sql`group_key`, columns: OF_GROUP.list };
const USERS = { table: sql`users`, key: sql`user_key`, columns: sql`${OF_USER.list}, r.document` };

/** Settings whose people follow their documents. */
function managingSettings({ settings }: CompanyConfig): number[] {
  return [...settings.values()].filter(isManaging).map(({ key }) => key);
}

function isStoredOtherwise(document: JsonObject, { folded_document }: Row): boolean {
  return withoutSecrets(document) !== document || foldDocument(document) !== folded_document;
}

function isReadOtherwise(user: User, document: JsonObject, { settingsByKey }: CompanyConfig): boolean {
  const setting = settingsByKey.get(user.settingKey);
  if (setting === undefined || !isManaging(setting)) return false;
  const fields = fieldsOf(user);
  const read = fieldsOf(deriveUser(document, setting.compiledMappings, user));
  return Object.keys({ ...fields, ...read }).some((name) => (fields[name] ?? null) !== (read[name] ?? null));
}

interface DocumentPlace {
  table: Sql;
  key: Sql;
  columns: Sql;
  companyKey: number;
  /** The key of the last row that is done; empty at the beginning. */
  after: string;
  /** All documents of these settings are looked at, of others those that may be stored otherwise. */
  settings: readonly number[];
}

/** Looks through a stretch of documents in the order of their keys, for those that are stored in another form than today's. */
async function readDocuments(
  d1: D1Database,
  { table, key, columns, companyKey, settings, ...place }: DocumentPlace,
  isOld: (row: Row) => boolean,
): Promise<FoundRows> {
  const { after, before } = spanAfter(companyKey, place.after === "" ? null : Number(place.after));
  const part = sql`WITH w AS (SELECT ${key} AS k, octet_length(document) AS size FROM ${table}
      WHERE ${key} > ${after} AND ${key} < ${before} ORDER BY ${key} LIMIT ${literal(WINDOW)}),
    sized AS MATERIALIZED (SELECT k, sum(size) OVER (ORDER BY k) - size AS earlier FROM w),
    part AS (SELECT k FROM sized WHERE earlier < ${literal(BYTES)})`;
  const read = together({
    found: selectRows<Row>(
      sql`${part} SELECT ${columns}, r.folded_document FROM part CROSS JOIN ${table} r ON r.${key} = part.k
        WHERE octet_length(r.document) <> length(r.document) OR r.document LIKE '%password%'
          OR r.setting_key IN (SELECT value FROM json_each(${JSON.stringify(settings)}))`,
    ),
    end: selectFirst(
      sql`${part} SELECT max(k) AS last, (SELECT count(*) FROM sized) = ${literal(WINDOW)} OR count(*) < (SELECT count(*) FROM sized) AS more
        FROM part`,
      (row) => row as { last: number | null; more: number }, // the columns of the statement
    ),
  });
  const { found, end } = await runRead({ d1 }, read);
  const rows = found.filter(isOld).map((row) => refOf(Number(row.settingKey), String(row.id)));
  return { rows, after: end?.more === 1 ? String(end.last) : null };
}
