import { env } from "cloudflare:workers";
import { emailKeysOf } from "../../src/directory/derive-user-fields.ts";
import { parseDocument } from "../../src/directory/parse-document.ts";
import { personIdOf } from "../../src/directory/person-key.ts";
import { formerFoldCase } from "../../src/scim/fold-case.ts";
import { isJsonObject, type Json } from "../../src/scim/json.ts";

const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";

type Row = Record<string, string | number | null>;

/** Names by what stands for them while the company is filled, since the writer of today would not let some of them be two. */
type Names = Readonly<Record<string, string>>;

/** The key of a name as a version of before the present rule of folding wrote it. */
function oldKey(name: string): string {
  return formerFoldCase(name).trim();
}

/** A document as that version folded it. */
function oldFoldedDocument(text: string): string | null {
  const fold = (value: Json): Json => {
    if (typeof value === "string") return formerFoldCase(value);
    if (Array.isArray(value)) return value.map(fold);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [formerFoldCase(name), fold(inner)]));
  };
  const folded = JSON.stringify(fold(parseDocument(text)));
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return folded === lower ? null : folded;
}

/**
 * Makes a company into what a version of before migration 0016 left: `names` take the place of what stands for them in all
 * rows and in the feed, with the keys that they had then; nothing of it has been brought along.
 */
export async function age(companyId: string, names: Names): Promise<void> {
  const rename = (text: string) =>
    Object.entries(names).reduce((all, [sign, name]) => all.replaceAll(sign, name), text);
  const texts = (row: Row, ...columns: string[]): Row =>
    Object.fromEntries(columns.map((column) => [column, row[column] === null ? null : rename(String(row[column]))]));
  const emails = new Map<number, string | null>();
  const persons = new Map<string, string | null>();
  await rewrite(companyId, "users", "user_key", (row) => {
    const own = texts(row, "user_name", "display_name", "email", "first_name", "last_name", "department");
    const documents = texts(row, "custom_fields", "document");
    const emailKey = own.email === null ? null : oldKey(String(own.email));
    emails.set(Number(row.user_key), emailKey);
    persons.set(String(row.id), emailKey);
    return {
      ...own,
      ...documents,
      user_name_key: oldKey(String(own.user_name)),
      email_key: emailKey,
      full_name_key: null,
      folded_document: oldFoldedDocument(String(documents.document)),
    };
  });
  await rewrite(companyId, "groups", "group_key", (row) => {
    const own = texts(row, "display_name", "document");
    const folded = oldFoldedDocument(String(own.document));
    return { ...own, display_name_key: oldKey(String(own.display_name)), folded_document: folded };
  });
  await rewrite(companyId, "target_groups", "target_group_key", (row) => {
    const own = texts(row, "name");
    return { ...own, name_key: oldKey(String(own.name)) };
  });
  await rewrite(companyId, "enrolments", "enrolment_key", (row) => ({
    person_key: emails.get(Number(row.user_key)) ?? `user:${row.user_id}`,
  }));
  await rewrite(companyId, "changes", "seq", (row) => {
    const data = JSON.parse(rename(String(row.data)));
    const userId = row.user_id ?? row.subject_id;
    const personKey = persons.get(String(userId)) ?? `user:${userId}`;
    if (data.personId !== undefined) data.personId = personIdOf(companyId, personKey);
    return { data: JSON.stringify(data) };
  });
  await ageEmails(companyId);
  await forgetForm(companyId);
}

async function rewrite(companyId: string, table: string, key: string, toSet: (row: Row) => Row): Promise<void> {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE ${OF_COMPANY}`).bind(companyId).all<Row>();
  for (const row of results) {
    const set = toSet(row);
    const sets = Object.keys(set).map((column, index) => `${column} = ?${index + 3}`);
    const sql = `UPDATE ${table} SET ${sets.join(", ")} WHERE ${OF_COMPANY} AND ${key} = ?2`;
    await env.DB.prepare(sql)
      .bind(companyId, row[key] ?? null, ...Object.values(set))
      .run();
  }
}

async function ageEmails(companyId: string): Promise<void> {
  await env.DB.prepare(
    `DELETE FROM user_emails WHERE setting_key IN (SELECT setting_key FROM scim_settings WHERE ${OF_COMPANY})`,
  )
    .bind(companyId)
    .run();
  const { results } = await env.DB.prepare(`SELECT setting_key, user_key, document FROM users WHERE ${OF_COMPANY}`)
    .bind(companyId)
    .all<{ setting_key: number; user_key: number; document: string }>();
  for (const { setting_key, user_key, document } of results) {
    const { emails } = parseDocument(document);
    for (const email of Array.isArray(emails) ? emails : [])
      if (isJsonObject(email))
        await env.DB.prepare("INSERT INTO user_emails (setting_key, value_key, user_key, type_key) VALUES (?, ?, ?, ?)")
          .bind(setting_key, oldKey(String(email.value)), user_key, oldKey(String(email.type ?? "")))
          .run();
  }
}

/** Has a company's rows count as written by a version that knew of no forms. */
export async function forgetForm(companyId: string): Promise<void> {
  await env.DB.prepare(
    "UPDATE companies SET stored_form = 0, stored_form_after = '', stored_form_commit = NULL WHERE id = ?",
  )
    .bind(companyId)
    .run();
}

/** The look-up rows of e-mails that a company's documents should have by the present rule, and those that it has. */
export async function compareEmails(companyId: string): Promise<{ there: string[]; due: string[] }> {
  const ofSettings = `setting_key IN (SELECT setting_key FROM scim_settings WHERE ${OF_COMPANY})`;
  const { results } = await env.DB.prepare(`SELECT value_key, user_key, type_key FROM user_emails WHERE ${ofSettings}`)
    .bind(companyId)
    .all<{ value_key: string; user_key: number; type_key: string }>();
  const users = await env.DB.prepare(`SELECT user_key, document FROM users WHERE ${OF_COMPANY}`)
    .bind(companyId)
    .all<{ user_key: number; document: string }>();
  return {
    there: results.map(({ value_key, user_key, type_key }) => `${user_key} ${value_key} ${type_key}`).sort(),
    due: users.results
      .flatMap(({ user_key, document }) =>
        emailKeysOf(parseDocument(document)).map(([value, type]) => `${user_key} ${value} ${type}`),
      )
      .sort(),
  };
}
