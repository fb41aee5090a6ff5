import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { Committer } from "../../src/writer/committer.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import { hookD1 } from "../writer/hooked-d1.ts";
import { UNHEARD } from "../writer/unheard.ts";
import { migrate } from "./migrate.ts";
import { openSqliteD1 } from "./sqlite-d1.ts";
import { seedGroup, seedUsers } from "./workers/seed-directory.ts";

/**
 * A child of the memory bench: the PUT of a group by the writer alone, on Node's own SQLite and under the heap limit that
 * its parent gave it. `seed FILE USERS` makes the directory; `put FILE MEMBERS` runs the PUT and prints how
 * much of the heap lives (MB) at the points where a commit holds most.
 */
const SETTING = "01900000-0000-7000-8000-000000000001";
const COMPANY = "01900000-0000-7000-8000-000000000000";

async function seed(file: string, users: number): Promise<void> {
  const { d1, close } = openSqliteD1(file);
  await migrate(d1);
  await d1.prepare("INSERT INTO companies (id, name, created_at) VALUES (?, 'Bench', 0)").bind(COMPANY).run();
  const token = { id: "a".repeat(24), lastFour: "abcd", expiresAt: null };
  const cause = { requestId: COMPANY, actor: "operator" as const, settingId: null, provider: null };
  const operation = {
    kind: "createSetting" as const,
    id: SETTING,
    name: "S",
    provider: "entra" as const,
    fieldMappings: [],
    groupSettings: { criteria: "idp" as const },
    token,
  };
  await new Committer({ ...UNHEARD, d1, companyId: COMPANY, clock: Date.now }).run([{ operation, cause }]);
  const place = { companyId: COMPANY, settingId: SETTING };
  for (let first = 0; first < users; first += 2_000)
    await seedUsers(d1, Date.now, { ...place, first, count: Math.min(2_000, users - first) });
  await seedGroup(d1, Date.now, { ...place, displayName: "Group", memberIds: [] });
  close();
}

async function put(file: string, members: number): Promise<void> {
  const { d1, close } = openSqliteD1(file);
  const ids = await d1.prepare("SELECT id FROM users LIMIT ?").bind(members).all<{ id: string }>();
  const group = await d1.prepare("SELECT id FROM groups").first<{ id: string }>();
  let body = JSON.stringify({ displayName: "Group", members: ids.results.map(({ id: value }) => ({ value })) });
  ids.results.length = 0;
  const living = { start: heap(), loaded: 0, planned: 0 };
  const note = (name: "loaded" | "planned") => async () => {
    living[name] = Math.max(living[name], heap());
  };
  const hooks = { afterLoad: note("loaded"), beforeCommit: note("planned") };
  const { document, members: listed } = readResource(resourceTypes().Group, JSON.parse(body));
  body = "";
  const operation = {
    kind: "replaceGroup" as const,
    settingId: SETTING,
    id: group?.id ?? "",
    document,
    members: listed,
  };
  const cause = { requestId: COMPANY, actor: "scim" as const, settingId: SETTING, provider: null };
  const started = performance.now();
  const writer = new CompanyWriter({ ...UNHEARD, d1: hookD1(d1, hooks), companyId: COMPANY, clock: Date.now });
  const result = await writer.write({ operation, cause });
  const milliseconds = Math.round(performance.now() - started);
  while (await writer.followUp());
  const counts = await d1
    .prepare(
      "SELECT (SELECT count(*) FROM group_members) AS own, (SELECT count(*) FROM target_group_members) AS mirrored",
    )
    .first<{ own: number; mirrored: number }>();
  const isDone = result.ok && counts?.own === members && counts.mirrored === members;
  const followed = Math.round(performance.now() - started);
  console.log(JSON.stringify({ isDone, ...living, milliseconds, followed }));
  close();
}

function heap(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}

const [verb, file = "", count = "0"] = process.argv.slice(2);
if (verb === "seed") await seed(file, Number(count));
else await put(file, Number(count));
