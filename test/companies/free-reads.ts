import type { ReadInShare } from "../../src/companies/read-in-share.ts";
import type { Bounds } from "../../src/companies/split-long-reads.ts";
import type { Database } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";

/** Lets everything be read, in statements of these bounds; `held` hears what was asked that no index answers. */
export function freeReads(
  database: Database,
  bounds: Bounds = { rows: 1_000, bytes: 10_000_000 },
  held: (what: string) => void = () => {},
): ReadInShare {
  return (about, read) => {
    held(about.what);
    return read({
      run: (statements) => runRead(database, statements(bounds)),
      once: (statements) => runRead(database, statements),
    });
  };
}
