import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { HttpConnection, type Sent } from "./http-connection.ts";
import { person } from "./people.ts";
import { startRuntime } from "./start-runtime.ts";
import { SPARE, seedWorld, type World } from "./world.ts";

/** One of the servers that are measured beside each other in one run, with people in it. */
export interface Side {
  title: string;
  /** Where it keeps what it answered for, and how durable that is. */
  store: string;
  baseUrl: string;
  pid: number | null;
  world: World;
  stop(): Promise<void>;
}

const GROUP = 10;

/** Starts the product, with so many people. */
export async function startProduct(people: number): Promise<Side> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"] });
  const stop = async () => {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  };
  const world = await orStop(stop, seedWorld(runtime, people));
  const store = "D1 in workerd: SQLite in the same process, WAL, synchronous=FULL (its default)";
  return { title: "Rollcall", store, baseUrl: runtime.urls.rollcall, pid: runtime.pid, world, stop };
}

/** Starts SCIMMY over node:sqlite in a process of its own, with so many people, written through its own door. */
export async function startScimmy(people: number, synchronous: "FULL" | "NORMAL"): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-peer-"));
  const token = crypto.randomUUID();
  const script = join(import.meta.dirname, "scimmy-peer.ts");
  const args = [script, join(folder, "peer.sqlite"), synchronous, token];
  // It ends when its input does: whatever becomes of this process, the peer does not outlive it.
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(createInterface(child.stdout), "line");
  const baseUrl = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  };
  const world = await orStop(stop, fillPeer(baseUrl, token, people));
  const store = `node:sqlite in the same process, WAL, synchronous=${synchronous}, indexed`;
  return { title: `SCIMMY, ${synchronous}`, store, baseUrl, pid: child.pid ?? null, world, stop };
}

/** What is made of a server, which is stopped where that fails. */
async function orStop<T>(stop: () => Promise<void>, made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The people and the group of ten that the operations work on; a peer has one directory for all of them. */
async function fillPeer(baseUrl: string, token: string, people: number): Promise<World> {
  const connection = await HttpConnection.open(baseUrl, token);
  const make = async (sent: Sent): Promise<string> => {
    const { status, body } = await connection.send(sent);
    if (status !== 201) throw new Error(`a peer answered ${status}: ${body}`);
    return String(JSON.parse(body.toString()).id);
  };
  const userIds: string[] = [];
  for (let n = 0; n < people + SPARE; n += 1)
    userIds.push(await make({ method: "POST", path: "/scim/v2/Users", body: JSON.stringify(person(n)) }));
  const members = userIds.slice(0, GROUP).map((value) => ({ value }));
  const body = JSON.stringify({ displayName: `Group of ${GROUP}`, members });
  const groups = new Map([[GROUP, await make({ method: "POST", path: "/scim/v2/Groups", body })]]);
  connection.close();
  const directory = { companyId: "", settingId: baseUrl, token, settingKey: 0, userIds, groups };
  let made = people + SPARE;
  const turns = new Map<string, number>();
  return {
    size: people,
    field: { ...directory, userIds: userIds.slice(0, people) },
    idp: directory,
    nextPerson: () => made++,
    nextTurn: (operation) => {
      const turn = turns.get(operation) ?? 0;
      turns.set(operation, turn + 1);
      return turn;
    },
  };
}
