import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";

// Files share a runtime; each begins with empty databases all the same, and without Durable Objects of another's.
await reset();
for (const database of [env.DB, env.DB2]) await applyD1Migrations(database, env.MIGRATIONS);
