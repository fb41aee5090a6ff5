import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { migrate } from "./migrated-database.ts";

/** More tries than a busy machine ever needed: past them something writes that should have ended with its file. */
const MAX_TRIES = 100;

const databases = [env.DB, env.DB2];

async function areEmpty(): Promise<boolean> {
  const counts = databases.map((database) =>
    database.prepare("SELECT count(*) AS tables FROM sqlite_master").first<number>("tables"),
  );
  return (await Promise.all(counts)).every((tables) => tables === 0);
}

// Files share a runtime; each begins with empty databases all the same, and without Durable Objects of another's. The
// runtime passes over a database that it does not have in memory just then, and may drop an idle one between the question
// and the reset: it is asked until the answer is right.
for (let tries = 0; (await areEmpty()) === false || tries === 0; tries++) {
  if (tries === MAX_TRIES) throw new Error("the database of another test file is still there");
  await reset();
}
for (const database of databases) await migrate(database);
