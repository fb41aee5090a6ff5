import type { BenchSetting } from "./setting.ts";
import type { GroupSeed, UserSeed } from "./workers/seed-directory.ts";

/** Users that one commit makes. */
const AT_ONCE = 2_000;

/** Fills a setting with `count` people, those from the one of number `from` on; gives their ids in order. */
export async function seedPeople(toolsUrl: string, setting: BenchSetting, count: number, from = 0): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += AT_ONCE) {
    const seed: UserSeed = { ...setting, first: from + made, count: Math.min(AT_ONCE, count - made) };
    ids.push(...(await callTool<string[]>(toolsUrl, "/seed-users", seed)));
  }
  return ids;
}

/** Makes a group with these members; gives its id. */
export function seedGroup(
  toolsUrl: string,
  { companyId, settingId }: BenchSetting,
  displayName: string,
  memberIds: string[],
): Promise<string> {
  const seed: GroupSeed = { companyId, settingId, displayName, memberIds };
  return callTool<string>(toolsUrl, "/seed-group", seed);
}

/** Calls one of the bench's tools. */
export async function callTool<Answer>(toolsUrl: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${toolsUrl}${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer; // our own tool, which gives that
}
