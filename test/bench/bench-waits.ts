import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { HttpConnection } from "./http-connection.ts";
import { show, table } from "./markdown.ts";
import { Others } from "./others.ts";
import { seedGroup, seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";

/** All who leave at once shall not wait for a decision. */
const UNGUARDED = { leavers: null, emptied: null, moves: null, group: null };
/** How long the follow-up of a list is waited for (ms). */
const LONGEST_FOLLOW_UP = 600_000;

/** Measures how long another client's writes wait while a PUT brings everybody into a group, and while one takes all out; gives Markdown. */
export async function benchWaits({ sizes }: BenchArguments): Promise<string> {
  const rows: string[][] = [];
  for (const members of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
    const runtime = await startRuntime({ persist: folder, workers: ["rollcall", "tools"] });
    try {
      rows.push(...(await measureWaits(runtime, members)));
    } finally {
      await runtime.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const head = ["PUT of members", "who", "answered after s", "ms for each 100", "its target group follows after s"];
  return table([...head, "longest other write ms", "longest before it ms", "others' writes meanwhile"], rows);
}

/** Those who are to be put into the group, and what it is called. */
interface Change {
  who: string;
  ids: readonly string[];
}

async function measureWaits({ urls, operatorKey }: Runtime, members: number): Promise<string[][]> {
  const setting = await createSetting(urls.rollcall, operatorKey, "idp", UNGUARDED);
  const ids = await seedPeople(urls.tools, setting, members);
  const group = await seedGroup(urls.tools, setting, "Group", []);
  const operator = await HttpConnection.open(urls.rollcall, operatorKey);
  const scim = await HttpConnection.open(urls.rollcall, setting.token);
  const others = await Others.open(urls.rollcall, setting.token, members);
  const changes: Change[] = [
    { who: "all new", ids },
    { who: "none, of all", ids: [] },
  ];
  const rows: string[][] = [];
  for (const change of changes) {
    others.slowest = 0;
    for (let round = 0; round < 50; round++) await others.write();
    const usual = others.slowest;
    const { answered, followed, writes } = await measureChange({ operator, scim, others, setting, group }, change);
    const figures = [answered, (answered * 1000) / (members / 100), followed, others.slowest, usual, writes];
    rows.push([show(members), change.who, ...figures.map(show)]);
  }
  for (const connection of [operator, scim, others]) connection.close();
  return rows;
}

interface Lines {
  operator: HttpConnection;
  scim: HttpConnection;
  others: Others;
  setting: BenchSetting;
  group: string;
}

/** Sends the PUT while others write; gives when it was answered and when its target group had followed (s). */
async function measureChange({ operator, scim, others, setting, group }: Lines, { ids }: Change) {
  others.slowest = 0;
  const body = JSON.stringify({ displayName: "Group", members: ids.map((value) => ({ value })) });
  const path = `/scim/v2/Groups/${group}?excludedAttributes=members`;
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const answered = scim.send({ method: "PUT", path, body }).then(({ status }) => {
    if (status !== 200) throw new Error(`the PUT answered ${status}`);
    return since();
  });
  let writes = 0;
  let isFollowed = false;
  const follow = async () => {
    await answered;
    while (!isFollowed && since() * 1000 < LONGEST_FOLLOW_UP) {
      isFollowed = (await mirrored(operator, setting)) === ids.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    isFollowed = true;
    return since();
  };
  const followed = follow();
  for (; !isFollowed; writes++) await others.write();
  return { answered: await answered, followed: await followed, writes };
}

/** How many the setting's target group has. */
async function mirrored(operator: HttpConnection, { companyId }: BenchSetting): Promise<number> {
  const path = `/api/v1/companies/${companyId}/target-groups?limit=200`;
  const { body } = await operator.send({ method: "GET", path });
  return JSON.parse(body.toString()).items.find((item: { name: string }) => item.name === "Group")?.memberCount ?? 0;
}
