import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { levelOf, type Note } from "../scim/note.ts";
import { parseKind } from "./keep-notes.ts";

/** A path that a setting's provider sends without effect, and when it did; times in milliseconds, the last to the day. */
export interface UnusedPath extends Pick<Note, "kind"> {
  path: string;
  firstAt: number;
  lastAt: number;
  /** A request that sent it. */
  requestId: string;
}

/** A path that is listed for its setting: of attributes, with what a filter in it compares with left out; else null. */
export function listedPath({ kind, path }: Note): string | null {
  if (path === null || levelOf(kind) === "event") return null;
  const plain = path.replace(/\[[^\]]*\]?/g, "[…]");
  return /^[\w$:.[\]…-]+$/.test(plain) ? plain : null;
}

/** Reads what a setting's provider sends without effect, the latest first. */
export function selectUnusedPaths(settingKey: Sql): Read<UnusedPath[]> {
  return {
    statements: [
      sql`SELECT kind, path, first_at AS firstAt, last_at AS lastAt, request_id AS requestId FROM sent_not_used
        WHERE setting_key = ${settingKey} ORDER BY last_at DESC, path`,
    ],
    decode: ([rows]) =>
      rowsOf<Omit<UnusedPath, "kind"> & { kind: string }>(rows).flatMap((row) => {
        const kind = parseKind(row.kind);
        return kind === null ? [] : [{ ...row, kind }];
      }),
  };
}
