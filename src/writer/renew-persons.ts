import { foldKey } from "../directory/fold-key.ts";
import { personIdOf, personKeyOf } from "../directory/person-key.ts";
import type { User } from "../directory/user.ts";
import { runRead, selectRows } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { deleteRows, insertRows } from "../unit/row-statements.ts";
import { readAffectedKeys } from "./find-outdated-name-keys.ts";
import type { OperationContext } from "./operation-context.ts";
import type { Renewal } from "./renewal.ts";

const EMAILS = { table: sql`users`, rowKey: sql`user_key`, column: sql`email_key`, owner: sql`company_key` };

/**
 * The e-mails that persons are known by, folded anew: all users of a person at once, so that nobody is two in between. Where
 * two persons turn out to be one, of two enrolments in one item the one that began first goes on.
 */
export const renewPersons: Renewal = {
  isFirst: true,
  async read(d1, config, after) {
    const found = await readAffectedKeys(d1, { ...EMAILS, owners: [config.companyKey], after }, ({ name }) => name);
    return { ...found, rows: [...new Set(found.rows)] };
  },
  foresee({ persons }, row) {
    const emailKey = readKey(row);
    persons.want(emailKey);
    persons.want(foldKey(emailKey));
  },
  renew(context, row) {
    renewPerson(context, readKey(row));
    return [];
  },
};

function readKey(row: string): string {
  // Made by the look-up above.
  return JSON.parse(row) as string;
}

function renewPerson(context: OperationContext, from: string): void {
  const { unit } = context;
  const emailKey = foldKey(from);
  if (emailKey === from) return;
  const refs = unit.persons.get(from) ?? [];
  const keys = refs.flatMap((ref) => {
    const user = unit.users.get(ref);
    if (user === undefined) return [];
    const after = { ...user, emailKey };
    context.touchPerson(user);
    context.touchPerson(after);
    unit.setUser(ref, after);
    context.recordPersonChange(ref, user, after);
    announcePerson(context, after, from);
    return [user.key];
  });
  // The open ones go with their users; of those that are over only the name of the person changes.
  unit.execute(
    sql`UPDATE enrolments SET person_key = ${emailKey} WHERE user_key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))
      AND person_key = ${from} AND status = 'withdrawn'`,
  );
}

/** To the outside the person has another id from now on. */
function announcePerson(context: OperationContext, user: User, from: string): void {
  const { companyId } = context.unit.config;
  const changed = { personId: { old: personIdOf(companyId, from), new: personIdOf(companyId, personKeyOf(user)) } };
  context.announce({
    type: "user.updated",
    subject: { kind: "user", id: user.id },
    userId: user.id,
    data: { userName: user.userName, changed },
  });
}

/** A row of the look-up table of e-mails. */
type EmailRow = [settingKey: number, value: string, userKey: number, type: string];

/** Rows that one look goes through, and that one commit renews. */
const WINDOW = 20_000;
const AT_ONCE = 500;

/** The rows by which users are found by the e-mails of their documents, folded anew. */
export const renewEmailLookups: Renewal = {
  isFirst: true,
  async read(d1, { settingsByKey }, after) {
    const settings = [...settingsByKey.keys()].sort((a, b) => a - b);
    const startOf = (setting: number | undefined): EmailRow | null =>
      setting === undefined ? null : [setting, "", 0, ""];
    let place = after === "" ? startOf(settings[0]) : readEmail(after);
    while (place !== null) {
      const [setting] = place;
      const found = await runRead({ d1 }, selectRows<{ row: string; isEnd: number }>(lookUp(place)));
      const affected = found.filter(({ row, isEnd }) => isEnd === 0 && isAffected(readEmail(row)));
      const taken = affected.slice(0, AT_ONCE);
      const last = taken.length < affected.length ? taken.at(-1) : found.find(({ isEnd }) => isEnd === 1);
      place = last === undefined ? startOf(settings.find((other) => other > setting)) : readEmail(last.row);
      if (taken.length > 0)
        return { rows: taken.map(({ row }) => row), after: place === null ? null : JSON.stringify(place) };
    }
    return { rows: [], after: null };
  },
  foresee: (unit) => unit,
  renew({ unit }, row) {
    const email = readEmail(row);
    unit.executeAll(deleteRows("user_emails", COLUMNS, [email]));
    unit.executeAll(insertRows("user_emails", COLUMNS, [fold(email)], COLUMNS));
    return [];
  },
};

const COLUMNS = ["setting_key", "value_key", "user_key", "type_key"];

/** Those with letters beyond ASCII, and the last of a full window for its place. */
function lookUp([settingKey, value, userKey, type]: EmailRow): Sql {
  return sql`WITH w AS MATERIALIZED (SELECT value_key AS v, user_key AS k, type_key AS t FROM user_emails
      WHERE setting_key = ${settingKey} AND (value_key, user_key, type_key) > (${value}, ${userKey}, ${type})
      ORDER BY value_key, user_key, type_key LIMIT ${WINDOW})
    SELECT json_array(${settingKey}, v, k, t) AS row, 0 AS isEnd FROM w WHERE octet_length(v || t) <> length(v || t)
    UNION ALL
    SELECT row, 1 FROM (SELECT json_array(${settingKey}, v, k, t) AS row FROM w ORDER BY v DESC, k DESC, t DESC LIMIT 1)
      WHERE (SELECT count(*) FROM w) = ${WINDOW}`;
}

function readEmail(row: string): EmailRow {
  // Made by json_array in the statement above.
  return JSON.parse(row) as EmailRow;
}

function fold([settingKey, value, userKey, type]: EmailRow): EmailRow {
  return [settingKey, foldKey(value), userKey, foldKey(type)];
}

function isAffected(row: EmailRow): boolean {
  return JSON.stringify(fold(row)) !== JSON.stringify(row);
}
