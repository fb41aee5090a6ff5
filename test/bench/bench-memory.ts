import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { HttpConnection } from "./http-connection.ts";
import { LARGE_CHANGES, measureLargeChanges } from "./large-changes.ts";
import { show, table } from "./markdown.ts";
import { memory, resetPeak } from "./process-meter.ts";
import { seedGroup, seedPeople } from "./seed.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";

/** The heap (MB) that each isolate of workerd is given. Door and writer share one here; the world may give them two. */
const ISOLATE = 128;
/** Heap limits (MB) that the writer is run under, from the isolate's own down. */
const LIMITS = [ISOLATE, 96, 64];
const PAGE = 200;

/** Measures the memory of a large PUT, in the writer's heap alone and in all of workerd, and of a long walk; gives Markdown. */
export async function benchMemory({ members, walk }: BenchArguments): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  try {
    const heap = putUnderLimits(folder, members);
    const runtime = await startRuntime({
      persist: join(folder, "state"),
      workers: ["rollcall", "tools"],
      heapLimit: ISOLATE,
    });
    try {
      const put = await measurePut(runtime, members);
      const walked = await measureWalk(runtime, walk);
      return [
        table(
          ["PUT, the writer alone", "heap limit MB", "most alive MB", "answered after s", "followed up after s"],
          heap,
        ),
        put,
        walked,
      ].join("\n\n");
    } finally {
      await runtime.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The writer's JavaScript in a process of its own, which V8 ends when its old space outgrows the limit. */
function putUnderLimits(folder: string, members: number): string[][] {
  const script = join(import.meta.dirname, "put-group.ts");
  const seeded = join(folder, "seeded.sqlite");
  execFileSync(process.execPath, [script, "seed", seeded, String(members)]);
  return LIMITS.map((limit) => {
    const file = join(folder, "run.sqlite");
    copyFileSync(seeded, file);
    const flags = ["--expose-gc", `--max-old-space-size=${limit}`];
    const title = `a group of ${show(members)}, all of them new`;
    try {
      const args = [...flags, script, "put", file, String(members)];
      const text = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const { isDone, loaded, planned, milliseconds, followed } = JSON.parse(text);
      if (isDone !== true) return [title, String(limit), "not done", "", ""];
      const seconds = [milliseconds, followed].map((time) => show(time / 1000));
      return [title, String(limit), show(Math.max(loaded, planned)), ...seconds];
    } catch {
      return [title, String(limit), "out of memory", "", ""];
    }
  });
}

async function measurePut(runtime: Runtime, members: number): Promise<string> {
  const { urls, pid, operatorKey } = runtime;
  const setting = await createSetting(urls.rollcall, operatorKey, "idp");
  const ids = await seedPeople(urls.tools, setting, members);
  const group = await seedGroup(urls.tools, setting, "Group", []);
  const connection = await HttpConnection.open(urls.rollcall, setting.token);
  const path = `/scim/v2/Groups/${group}?excludedAttributes=members`;
  const rows: string[][] = [];
  const send = async (title: string, method: string, body: string) => {
    resetPeak(pid);
    const before = memory(pid)?.now ?? Number.NaN;
    const started = performance.now();
    const { status } = await connection.send({ method, path, body });
    const growth = (memory(pid)?.peak ?? Number.NaN) - before;
    rows.push([title, String(status), show((performance.now() - started) / 1000), show(growth)]);
  };
  const put = (title: string, list: string[]) =>
    send(title, "PUT", JSON.stringify({ displayName: "Group", members: list.map((value) => ({ value })) }));
  await put("PUT: everybody joins", ids);
  await put("PUT: 100 leave", ids.slice(100));
  await put("PUT: everybody leaves", []);
  await put("PUT: everybody joins again", ids);
  const gone = ids.map((value) => ({ value }));
  const Operations = [{ op: "remove", path: "members", value: gone }];
  await send("PATCH: everybody is removed by name", "PATCH", JSON.stringify({ Operations }));
  await put("PUT: everybody joins once more", ids);
  await send("DELETE of the group", "DELETE", "");
  connection.close();
  const name = "Everybody";
  const shared = { group: await seedGroup(urls.tools, setting, name, ids), name };
  const title = `${show(members)} members through the door, heap limit ${ISOLATE} MB`;
  return [
    table([title, "status", "seconds", "workerd grew by MB"], rows),
    table([title, ...LARGE_CHANGES], await measureLargeChanges(runtime, setting, shared, members)),
  ].join("\n\n");
}

/** Walks all users by cursor; a walk that kept anything would let workerd grow with its length. */
async function measureWalk({ urls, pid, operatorKey }: Runtime, users: number): Promise<string> {
  const setting = await createSetting(urls.rollcall, operatorKey, "field");
  await seedPeople(urls.tools, setting, users);
  const connection = await HttpConnection.open(urls.rollcall, setting.token);
  const rows: string[][] = [];
  let cursor: string | undefined = "";
  let seen = 0;
  let slowest = 0;
  const started = performance.now();
  resetPeak(pid);
  const first = memory(pid)?.now ?? Number.NaN;
  while (cursor !== undefined) {
    const before = performance.now();
    const path = `/scim/v2/Users?count=${PAGE}&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await connection.send({ method: "GET", path });
    slowest = Math.max(slowest, performance.now() - before);
    const text = body.toString("latin1");
    seen += Number(/"itemsPerPage":(\d+)/.exec(text)?.[1] ?? 0);
    cursor = /"nextCursor":"([^"]*)"/.exec(text)?.[1];
  }
  connection.close();
  const growth = (memory(pid)?.peak ?? Number.NaN) - first;
  rows.push([show(users), show(seen), ...[(performance.now() - started) / 1000, slowest, growth].map(show)]);
  return table(["walk by cursor: users", "seen", "seconds", "slowest page ms", "workerd grew by MB"], rows);
}
