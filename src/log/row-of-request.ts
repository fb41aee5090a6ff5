import { getTableColumns } from "drizzle-orm";
import { namesOf, omit, valuesOfRow } from "../platform/columns.ts";
import type { SqlValue } from "../platform/sql.ts";
import { isId, timeOfId } from "../platform/uuid.ts";
import { isAscii } from "../scim/fold-case.ts";
import { foundIn } from "./explain-request.ts";
import { type LogEntry, PART_STATUS } from "./log-entry.ts";
import { LANES, requestLog } from "./tables.ts";

/** An entry with what SQLite's lower() would not fold of its label, null where it does. */
export type KeyedEntry = LogEntry & { labelKey: string | null };

const ROW = omit(getTableColumns(requestLog), "packed", "lastId", "entries");

/** The columns of a request's own row, in the order of `rowOf`. */
export const ROW_COLUMNS = namesOf(ROW);

/** The columns by which a row may be there already: a door that had no answer hands its request over again. */
export const ROW_KEY: readonly string[] = ["setting_key", "lane", "id"];

/** An entry as it is stored; `key` is its label as names are folded. By its id it is found at its time, so that both are one. */
export function keyEntry(entry: LogEntry, key: string | null): KeyedEntry {
  const { id, label } = entry;
  const [own = ""] = id.split(".", 1);
  return {
    ...entry,
    time: isId(own) ? timeOfId(own) : entry.time,
    labelKey: label === null || isAscii(label) ? null : key,
  };
}

/** The values of a request's own row, in its lane. */
export function rowOf(settingKey: number, entry: KeyedEntry): SqlValue[] {
  const lane =
    entry.status === PART_STATUS ? LANES.part : entry.resourceType === "Group" ? LANES.ofGroup : LANES.request;
  const { requestBody, responseBody } = entry;
  const bodies = requestBody === null && responseBody === null ? null : { requestBody, responseBody };
  return valuesOfRow(ROW, { ...entry, settingKey, lane, found: foundBy(entry), bodies });
}

/** How many the answer to a question told of, as the row keeps it; null for what is no question about certain users or groups. */
export function foundBy({ method, path, responseBody }: LogEntry): number | null {
  return method === "GET" && path.includes("filter=") ? foundIn(responseBody) : null;
}
