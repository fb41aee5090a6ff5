import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { deriveUser } from "../../src/directory/derive-user-fields.ts";
import { foldKey } from "../../src/directory/fold-key.ts";
import { foldDocument } from "../../src/directory/folded-document.ts";
import { lostNameOf } from "../../src/directory/name-lost-by-folding.ts";
import { parseDocument } from "../../src/directory/parse-document.ts";
import { emailKeyOf } from "../../src/directory/person-key.ts";
import { fieldsOf } from "../../src/directory/user.ts";
import { parseNotes } from "../../src/log/notes-without-person.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import { readConfig } from "../../src/unit/read-company-config.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { compareFold, follow, judgeEnrolments, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { operate } from "../scim-api/scim-client.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";
import { age, compareEmails } from "./old-company.ts";
import { enrolIn } from "./target-side.ts";

/** What stands for a name while the company is filled. */
const NAMES = {
  QaQ: "Straße",
  QbQ: "STRASSE",
  QcQ: "STRAẞE ",
  QdQ: "ΝΙΚΟΣ",
  QeQ: "νικοσ",
  QfQ: "Weiß",
  QgQ: "WEISS",
  QhQ: "Fuß",
  QiQ: "FUSS",
  QjQ: "Zoë",
};

/** A company of twins, with the ids of its people and groups by what stood for their names. */
export interface OldCompany {
  bench: Bench;
  byField: string;
  typed: string;
  ids: Record<string, string>;
}

async function ask(bench: Bench, operation: Operation): Promise<void> {
  requireOutcome(await bench.writer.write(requestOf(operation)));
}

function mailed(sign: string): JsonObject {
  return { emails: [{ value: `${sign}@x.test`, type: "work" }], name: { familyName: sign } };
}

/** A company with twins of every kind, as a version of before the present rule of folding left it. */
export async function oldCompany(): Promise<OldCompany> {
  const bench = await newBench({ criteria: "idp" });
  const ids: Record<string, string> = {};
  const made = new Client(bench.writer, bench.settingId);
  for (const sign of ["QaQ", "QbQ", "QdQ", "QeQ", "QjQ", "plain"])
    ids[sign] = await made.user(sign, undefined, mailed(sign));
  ids.person = await made.user("one of two", undefined, mailed("QfQ"));
  ids.groupD = await made.group("QdQ", [ids.QdQ ?? "", ids.person]);
  ids.groupE = await made.group("QeQ", [ids.QeQ ?? ""]);
  ids.groupF = await made.group("Secret", [ids.QaQ ?? ""]);
  const byField = await addSetting(bench.writer, { criteria: "field", field: "department" });
  const other = new Client(bench.writer, byField);
  ids.other = await other.user("two of two", "Sales", mailed("QgQ"));
  ids.shared = await other.user("shares", "Sales", mailed("QfQ"));
  for (const sign of ["QhQ", "QiQ"]) ids[sign] = await other.user(`in ${sign}`, sign, mailed(`of ${sign}`));
  const typed = await typedSetting(bench, ids);
  await finishFollowUps(bench.writer);
  const item = (id: string) => [{ kind: "training" as const, id, name: `Course ${id}` }];
  for (const name of ["QdQ", "QeQ", "Sales"]) await enrolIn(bench, name, item("T"));
  for (const [name, id] of Object.entries({ QhQ: "H", QiQ: "I" })) await enrolIn(bench, name, item(id));
  for (const [name, id] of Object.entries({ "20261129": "U", "2026-11-29T00:00:00Z": "W", "Building 5": "V" }))
    await enrolIn(bench, name, item(id));
  await age(bench.companyId, NAMES);
  const old = { bench, byField, typed, ids };
  expect((await lookAt(old)).feed).toEqual([]);
  const type = `UPDATE custom_fields SET type = 'date' WHERE ${OF_COMPANY} AND field_key = 'start'`;
  await env.DB.prepare(type).bind(bench.companyId).run();
  await addSecrets(ids);
  return old;
}

/** Three people by a field that is a date: two spellings of one day, and what is none. */
async function typedSetting(bench: Bench, ids: Record<string, string>): Promise<string> {
  await ask(bench, { kind: "createField", field: { key: "start", label: "Start", type: "text" } });
  const id = await addSetting(bench.writer, { criteria: "none", targetGroupName: "Dated" });
  const groupSettings: GroupSettingsInput = { criteria: "field", field: "start" };
  await ask(bench, {
    kind: "updateSetting",
    settingId: id,
    fieldMappings: [{ field: "start", path: "title" }],
    groupSettings,
  });
  const client = new Client(bench.writer, id);
  for (const [name, title] of Object.entries({ one: "20261129", two: "2026-11-29T00:00:00Z", none: "Building 5" }))
    ids[name] = await client.user(name, undefined, { title });
  return id;
}

/** Passwords as they could be stored under extensions and odd paths. */
async function addSecrets(ids: Record<string, string>): Promise<void> {
  const secrets = {
    "urn:x:1.0:User": { password: "p4ss", site: "Rome", deep: [{ Password: "p4ss" }, { a: 1 }] },
    "urn:y:1.0:User": { password: "p4ss" },
    password: { value: "p4ss" },
  };
  const sql = (table: string) => `UPDATE ${table} SET document = json_patch(document, ?) WHERE id = ?`;
  await env.DB.prepare(sql("users")).bind(JSON.stringify(secrets), ids.plain).run();
  await env.DB.prepare(sql("groups")).bind(JSON.stringify(secrets), ids.groupF).run();
}

function readerOf(companyId: string) {
  return async (path: string) => {
    const { status, json, text } = await operate("GET", `/companies/${companyId}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
}

/** What is wrong with a company by its feed, and by the rules of enrolment. */
export async function lookAt({ bench }: OldCompany): Promise<{ feed: string[]; enrolments: string[] }> {
  const read = readerOf(bench.companyId);
  const fold = new FeedFold();
  await follow(read, fold);
  const picture = await readPicture(read);
  return { feed: compareFold(fold, picture), enrolments: judgeEnrolments(picture) };
}

/** The same together. */
export async function judge(old: OldCompany): Promise<string[]> {
  return Object.values(await lookAt(old)).flat();
}

/** Rows of the company of an id. */
export const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?)";

interface NamedRow {
  row: number;
  name: string;
  key: string;
}

/** Rows of one kind with their names and keys. */
export async function namesIn(
  companyId: string,
  table: string,
  columns: [string, string, string],
): Promise<NamedRow[]> {
  const [row, name, key] = columns;
  const sql = `SELECT ${row} AS row, ${name} AS name, ${key} AS key FROM ${table} WHERE ${OF_COMPANY} ORDER BY 1`;
  return (await env.DB.prepare(sql).bind(companyId).all<NamedRow>()).results;
}

/** Whatever is stored that is not in the present form. */
export async function oldForms({ bench: { companyId } }: OldCompany): Promise<string[]> {
  const tables = [
    ["users", "user_key", "user_name", "user_name_key"],
    ["groups", "group_key", "display_name", "display_name_key"],
    ["target_groups", "target_group_key", "name", "name_key"],
  ] as const;
  const wrong: string[] = [];
  for (const [table, ...columns] of tables)
    for (const { name, key } of await namesIn(companyId, table, columns))
      if ((lostNameOf(key) ?? key) !== foldKey(name)) wrong.push(`${table} ${name}: ${key}`);
  const config = await readConfig(env.DB, companyId, Date.now());
  const { results } = await env.DB.prepare(`SELECT * FROM users WHERE ${OF_COMPANY}`)
    .bind(companyId)
    .all<Record<string, string | number | null>>();
  for (const row of results) {
    const document = parseDocument(String(row.document));
    const setting = config?.settingsByKey.get(Number(row.setting_key));
    const derived = deriveUser(document, setting?.compiledMappings ?? []);
    const due = {
      folded_document: foldDocument(document),
      full_name_key: derived.fullNameKey,
      email_key: derived.email === null ? null : emailKeyOf(derived.email),
      custom_fields: JSON.stringify(derived.customFields),
      department: fieldsOf(derived).department,
    };
    for (const [column, value] of Object.entries(due))
      if (row[column] !== value) wrong.push(`${row.user_name} ${column}: ${row[column]} instead of ${value}`);
    if (/p4ss/.test(JSON.stringify(row))) wrong.push(`${row.user_name} has a password`);
  }
  const emails = await compareEmails(companyId);
  expect(emails.there).toEqual(emails.due);
  return wrong;
}

/** The open enrolments of a company by person and item. */
export async function openByPerson(companyId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT person_key || ' ' || item_id AS what FROM enrolments WHERE ${OF_COMPANY} AND status = 'active' ORDER BY 1`,
  )
    .bind(companyId)
    .all<{ what: string }>();
  return results.map(({ what }) => what);
}

/** What the log tells of the renewal. */
export async function notesOf({ bench: { companyId } }: OldCompany): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT label, notes FROM ${EVERY_REQUEST} WHERE ${OF_COMPANY} AND method = 'RENEWAL' ORDER BY 1`,
  )
    .bind(companyId)
    .all<{ label: string | null; notes: string }>();
  return results
    .flatMap(({ label, notes }) =>
      parseNotes(notes).map(({ kind, path, value }) => `${label} ${kind} ${path} ${value}`),
    )
    .sort();
}
