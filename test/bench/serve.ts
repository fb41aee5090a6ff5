import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endWithUsage, readNumber, readOptions } from "../tools/command-line.ts";
import { seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";

/** What is kept beside the state, so that the same directory can be served again. */
interface Kept extends BenchSetting {
  operatorKey: string;
  sessionSecret: string;
}

const USAGE = `npm run bench:serve [-- options]

Serves the Worker that the bench measures with a setting of seeded people, prints where it is and its keys as one line of
JSON, and runs until it is stopped.

  --port 0                 its port; 0 takes a free one
  --persist .wrangler/bench
  --users 1000
  --grouping field|idp
  --help                   this text`;

const COMMAND = "npm run bench:serve";

/** `npm run bench:serve`: serves the measured build with a seeded setting; prints one JSON line and runs until it is stopped. */
async function main(): Promise<void> {
  const { values } = readOptions(COMMAND, {
    options: {
      help: { type: "boolean", default: false },
      port: { type: "string", default: "0" },
      persist: { type: "string", default: ".wrangler/bench" },
      users: { type: "string", default: "1000" },
      grouping: { type: "string", default: "field" },
    },
  });
  if (values.help) return console.log(USAGE);
  const port = readNumber(COMMAND, "port", values.port);
  const users = readNumber(COMMAND, "users", values.users);
  const { grouping } = values;
  if (grouping !== "field" && grouping !== "idp") return endWithUsage(COMMAND, "--grouping is field or idp.");
  // Whoever asks for help does not wait for a runtime to be loaded.
  const { startRuntime } = await import("./start-runtime.ts");
  mkdirSync(values.persist, { recursive: true });
  const file = join(values.persist, "bench-setting.json");
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Kept) : null; // written below
  const secrets = kept ?? { operatorKey: undefined, sessionSecret: crypto.randomUUID() + crypto.randomUUID() };
  const runtime = await startRuntime({
    persist: values.persist,
    workers: ["rollcall", "tools"],
    port,
    operatorKey: secrets.operatorKey,
    sessionSecret: secrets.sessionSecret,
  });
  const { rollcall, tools } = runtime.urls;
  const { operatorKey } = runtime;
  if (kept === null) {
    const setting = await createSetting(rollcall, operatorKey, grouping);
    await seedPeople(tools, setting, users);
    writeFileSync(file, JSON.stringify({ ...setting, operatorKey, sessionSecret: secrets.sessionSecret }));
  }
  const { companyId, token } = kept ?? (JSON.parse(readFileSync(file, "utf8")) as Kept);
  console.log(JSON.stringify({ baseUrl: rollcall, token, companyId, operatorKey }));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => void runtime.stop().then(() => process.exit(0)));
}

await main();
