import { readAtOneMoment } from "../companies/read-at-one-moment.ts";
import type { ConsoleContext } from "./console-env.ts";

/** What several reads tell, of one moment of the company of the path. */
export function atOneMoment<T>(c: ConsoleContext, read: () => Promise<T>): Promise<T> {
  return readAtOneMoment(c.var.database, c.var.company.key, read);
}
