import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { attributeIn, levelOf, type Note } from "../scim/note.ts";
import { parseKind } from "./notes-without-person.ts";
import { sentNotUsed } from "./tables.ts";

const COLUMNS = columnsOf(sentNotUsed, "n", ["kind", "path", "firstAt", "lastAt", "requestId"]);

/** A path that a setting's provider sends without effect, and when it did; times in milliseconds, the last to the day. */
export interface UnusedPath extends Pick<Note, "kind"> {
  path: string;
  firstAt: number;
  lastAt: number;
  /** A request that sent it. */
  requestId: string;
}

/** A path that is listed for its setting: of attributes, with what a filter in it compares with left out; else null. */
export function listedPath({ kind, path: noted }: Note): string | null {
  const path = attributeIn(noted);
  if (path === null || levelOf(kind) === "event") return null;
  const plain = path.replace(/\[[^\]]*\]?/g, "[…]");
  return /^[\w$:.-]+(?:\[\u2026\][\w$:.-]*)?$/.test(plain) ? plain : null;
}

/** Reads what a setting's provider sends without effect, the latest first. */
export function selectUnusedPaths(settingKey: Sql): Read<UnusedPath[]> {
  const statement = sql`SELECT ${COLUMNS.list} FROM sent_not_used n WHERE n.setting_key = ${settingKey}
    ORDER BY n.last_at DESC, n.path`;
  const read = selectAll(statement, COLUMNS.read);
  // An older Worker on a newer schema may find kinds that it has not heard of.
  return { ...read, decode: (results) => read.decode(results).filter(({ kind }) => parseKind(kind) !== null) };
}
