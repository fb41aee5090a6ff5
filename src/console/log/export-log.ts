import { explainRequest } from "../../log/explain-request.ts";
import type { ListedRequest } from "../../log/plan-log-walk.ts";
import { isoTime } from "../../platform/clock.ts";
import type { ConsoleContext } from "../console-env.ts";
import { streamCsv } from "../csv.ts";
import { Refused } from "../refused.ts";
import { patientSearchOf } from "../search-in-share.ts";
import { readLogQuery } from "./log-query.ts";
import { readAllOfLog } from "./read-log-page.ts";

/** The same list as a download, all of it. */
export async function exportLog(c: ConsoleContext) {
  const { company, database } = c.var;
  const { given, query } = readLogQuery(c.req.query(), Date.now());
  if (query === null) throw new Refused(400, "A time is wrong", "Go back to the log and correct its times.");
  const where = { database, companyKey: company.key, readInShare: patientSearchOf(c) };
  return streamCsv<ListedRequest>(`provisioning-log-${company.name}`, {
    head: [
      "Time",
      "SCIM setting",
      "Method",
      "Path",
      "About",
      "Status",
      "Error",
      "Detail",
      "Milliseconds",
      "What it meant",
      "Request id",
    ],
    next: await readAllOfLog(where, given, query),
    values: (row) => [
      isoTime(row.time),
      row.settingName,
      row.method,
      row.path,
      row.label,
      row.status,
      row.scimType,
      row.detail,
      row.duration,
      explainRequest(row),
      row.id,
    ],
  });
}
