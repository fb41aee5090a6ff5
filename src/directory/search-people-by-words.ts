import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { keysOf } from "./fold-key.ts";

/**
 * The conditions, one for each word searched for, that a person has it in the user name, the e-mail address, the first and last
 * name, or the display name; `alias` names what has these columns of `users`.
 */
export function hasWords(search: string, alias: string): Sql[] {
  return wordsOf(search).map(({ typed, spellings }) => {
    const found = spellings.map((word) => contains(word, typed, alias));
    return sql`(${joinSql(found, " OR ")})`;
  });
}

/** A word of a search, as it was typed and as it may be stored. */
interface Word {
  typed: string;
  spellings: string[];
}

/** The words of a search; folding leaves the blanks between them. */
function wordsOf(search: string): Word[] {
  const [words = [], former] = keysOf(search).map(split);
  const typed = split(search);
  return words.slice(0, 5).map((word, index) => ({
    typed: typed[index] ?? word,
    spellings: [...new Set([word, former?.[index] ?? word])],
  }));
}

function split(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/**
 * `full_name_key` says of names what lower() would not (see the migration). Of a display name there is no such key: its letters
 * beyond ASCII are found as they were typed.
 */
function contains(word: string, typed: string, alias: string): Sql {
  const of = (column: string) => rawSql(`${alias}.${column}`);
  const isShown = typed === word ? rawSql("FALSE") : sql`instr(${of("display_name")}, ${typed}) > 0`;
  return sql`(instr(${of("user_name_key")}, ${word}) > 0 OR instr(${of("email_key")}, ${word}) > 0
    OR instr(coalesce(${of("full_name_key")}, lower(coalesce(${of("first_name")}, '') || ' ' || coalesce(${of("last_name")}, ''))), ${word}) > 0
    OR instr(lower(${of("display_name")}), ${word}) > 0 OR ${isShown})`;
}
