import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { NOTE_KINDS } from "../scim/note.ts";
import type { LogEntry } from "./log-entry.ts";

/** Kinds of notes whose values say nothing of anybody, as an SQL list. */
const IMPERSONAL = Object.entries(NOTE_KINDS)
  .flatMap(([kind, { isPersonal }]) => (isPersonal ? [] : [`'${kind}'`]))
  .join(", ");

/**
 * What is left of a logged request about an erased person: that it was made, when, and what came of it. Of its notes the
 * kinds, and the paths that are names of attributes; of sentences of before notes had kinds those that quote nothing.
 */
const BLANK = `label = NULL, label_key = NULL,
  detail = CASE status WHEN 404 THEN detail END,
  notes = (SELECT json_group_array(json(CASE n.type WHEN 'object' THEN json_object('kind', n.value->>'kind',
      'path', CASE WHEN n.value->>'path' NOT GLOB '*[^A-Za-z0-9_$:.-]*' THEN n.value->>'path' END,
      'value', CASE WHEN n.value->>'kind' IN (${IMPERSONAL}) THEN n.value->>'value' END) ELSE json_quote(n.value) END))
    FROM json_each(notes) n WHERE n.type = 'object' OR instr(n.value, '"') = 0),
  path = CASE instr(path, '?') WHEN 0 THEN path ELSE substr(path, 1, instr(path, '?')) || '[erased]' END`;

/** The logs, with what an UPDATE sets in those of its rows that are about an erased person: what was sent and answered goes too. */
export const BLANK_ROW = {
  request_log: rawSql(`${BLANK}, bodies = NULL`),
  provisioning_log: rawSql(`${BLANK}, request_body = NULL, response_body = NULL`),
};

/** What is left of a look-up about an erased person: as of a row of its own. */
const BLANK_LOOK_UP = sql`json_set(e.value, '$.l', NULL, '$.k', NULL, '$.a', NULL, '$.p',
  CASE instr(e.value->>'p', '?') WHEN 0 THEN e.value->>'p' ELSE substr(e.value->>'p', 1, instr(e.value->>'p', '?')) || '[erased]' END)`;

/** What an UPDATE sets in a row of many look-ups; `isAbout` says whether one, as `e.value`, is about an erased person. */
export function blankLookUps(isAbout: Sql): Sql {
  return sql`entries = (SELECT json_group_array(json(CASE WHEN ${isAbout} THEN ${BLANK_LOOK_UP} ELSE e.value END)) FROM json_each(entries) e)`;
}

/** The same of a row that is not written yet: one that asks by the name of somebody erased meanwhile, without what it says. */
export function blankEntry(entry: LogEntry): LogEntry {
  const [bare = "", query] = entry.path.split("?", 2);
  return {
    ...entry,
    ...{ label: null, detail: null, requestBody: null, responseBody: null, notes: [] },
    path: query === undefined ? bare : `${bare}?[erased]`,
  };
}
