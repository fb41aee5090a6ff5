import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { migrate } from "./migrated-database.ts";

const databases = [env.DB, env.DB2];
const countTables = (database: D1Database) =>
  database.prepare("SELECT count(*) AS tables FROM sqlite_master").first<number>("tables");

// Files share a runtime; each begins with empty databases all the same, and without Durable Objects of another's. The
// runtime passes over a database that it does not have in memory just then: each is asked something before.
for (const database of databases) await countTables(database);
await reset();
for (const database of databases) {
  if ((await countTables(database)) !== 0) throw new Error("the database of another test file is still there");
  await migrate(database);
}
