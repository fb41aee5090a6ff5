import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { keysOf } from "./fold-key.ts";

/**
 * The conditions, one for each word searched for, that a person has it in the user name, the e-mail address, or the first and
 * last name; `alias` names what has these columns of `users`.
 */
export function hasWords(search: string, alias: string): Sql[] {
  return wordsOf(search).map((spellings) => {
    const found = spellings.map((word) => contains(word, alias));
    return sql`(${joinSql(found, " OR ")})`;
  });
}

/** The words of a search, each as it may be stored; folding leaves the blanks between them. */
function wordsOf(search: string): string[][] {
  const [words = [], former] = keysOf(search).map((key) => key.split(/\s+/).filter(Boolean));
  return words.slice(0, 5).map((word, index) => [...new Set([word, former?.[index] ?? word])]);
}

/** `full_name_key` says of names what lower() would not (see the migration). */
function contains(word: string, alias: string): Sql {
  const of = (column: string) => rawSql(`${alias}.${column}`);
  return sql`(instr(${of("user_name_key")}, ${word}) > 0 OR instr(${of("email_key")}, ${word}) > 0
    OR instr(coalesce(${of("full_name_key")}, lower(coalesce(${of("first_name")}, '') || ' ' || coalesce(${of("last_name")}, ''))), ${word}) > 0)`;
}
