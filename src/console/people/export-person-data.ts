import { exportPerson } from "../../person-data/export-person.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere } from "../refused.ts";

/** Everything that is held on one person as a download: the answer to its request for access. */
export async function exportPersonData(c: ConsoleContext): Promise<Response> {
  const { company, database } = c.var;
  const exported = await exportPerson(database, company, c.req.param("userId") ?? "", Date.now());
  if (exported === null) throw notHere();
  return c.body(exported.body, 200, {
    "Content-Type": "application/json",
    "Content-Disposition": `attachment; filename="${exported.id}.json"`,
  });
}
