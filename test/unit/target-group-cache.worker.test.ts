import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { MOST_CACHED } from "../../src/unit/target-group-cache.ts";
import { type Bench, Client, logRowOf, newBench, requestOf, targetMembers } from "../writer/bench.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const byDepartment = { targetGroupName: "Everyone", criteria: "field" as const, field: "department" };

/** Makes target groups by hand, named "Group 0" and so on, beside the writer. */
async function fill({ companyId }: Bench, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => [n, newId(Date.now()), `Group ${n}`]);
  await env.DB.prepare(
    `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, created_at)
     SELECT (c.company_key << 32) + 1000000 + (j.value->>0), c.company_key, j.value->>1, j.value->>2, lower(j.value->>2), 'manual', 0
     FROM json_each(?) j JOIN companies c ON c.id = ?`,
  )
    .bind(JSON.stringify(rows), companyId)
    .run();
}

async function filledGroups({ companyId }: Bench): Promise<Record<string, string[]>> {
  const members = await targetMembers(companyId);
  return Object.fromEntries(Object.entries(members).filter(([, names]) => names.length > 0));
}

describe.each([
  ["few", 3, 1],
  ["more than are kept", MOST_CACHED + 1, 2],
])("a company with %s target groups", (_, count, trips) => {
  it(`has its users in the same groups, with a commit in ${trips === 1 ? "one trip" : "two trips"}`, async () => {
    const bench = await newBench(byDepartment);
    await fill(bench, count);
    const recorder = new RecordingD1(env.DB);
    const client = new Client(bench.another({ d1: recorder.d1 }), bench.settingId);
    const id = await client.user("ada", "group 1");
    await client.user("bob", "Sales");
    await client.user("cem", "SALES");
    expect(await filledGroups(bench)).toEqual({
      Everyone: ["ada", "bob", "cem"],
      "Group 1": ["ada"],
      Sales: ["bob", "cem"],
    });
    await client.patchUser(id, { op: "replace", path: "nickName", value: "a" });
    recorder.clear();
    await client.patchUser(id, { op: "replace", path: "active", value: false });
    expect(recorder.trips).toBe(trips);
    expect((await filledGroups(bench))["Group 1"]).toBeUndefined();
    recorder.clear();
    await client.patchUser(id, { op: "replace", path: "active", value: true });
    expect(recorder.trips).toBe(trips);
    expect((await filledGroups(bench))["Group 1"]).toEqual(["ada"]);
  });

  it("reads for no write of a user or a group more than once, whatever was kept of it", async () => {
    const bench = await newBench(byDepartment);
    await fill(bench, count);
    const recorder = new RecordingD1(env.DB);
    const client = new Client(bench.another({ d1: recorder.d1 }), bench.settingId);
    const ada = await client.user("ada", "Group 1");
    await client.user("bob", "Sales");
    const crew = await client.group("Crew", [ada]);
    const replace = (path: string, value: string) => client.patchUser(ada, { op: "replace", path, value });
    const writes = {
      nickName: () => replace("nickName", "a"),
      "a group that is there": () => replace(DEPARTMENT, "Sales"),
      "a new group": () => replace(DEPARTMENT, "Legal"),
      userName: () => replace("userName", "lovelace"),
      "a member less": () => client.patchGroup(crew, { op: "remove", path: `members[value eq "${ada}"]` }),
      "a group's name": () => client.patchGroup(crew, { op: "replace", path: "displayName", value: "Deck" }),
    };
    for (const [what, write] of Object.entries(writes)) {
      recorder.clear();
      await write();
      expect(recorder.trips, what).toBeLessThanOrEqual(2);
    }
    expect(await filledGroups(bench)).toEqual({ Everyone: ["bob", "lovelace"], Legal: ["lovelace"], Sales: ["bob"] });
  });

  it("takes notice of a group that another writer has made meanwhile", async () => {
    const bench = await newBench(byDepartment);
    await fill(bench, count);
    const [one, other] = [bench.another(), bench.another()].map((writer) => new Client(writer, bench.settingId));
    await one?.user("ada", "Sales");
    await other?.user("bob", "Support");
    await one?.user("cem", "Support");
    expect(await filledGroups(bench)).toMatchObject({ Sales: ["ada"], Support: ["bob", "cem"] });
  });
});

describe("when a token was last used", () => {
  it("is written at once, and then every few seconds rather than with every commit", async () => {
    const { settingId, another } = await newBench(byDepartment);
    const recorder = new RecordingD1(env.DB);
    let now = Date.now();
    const writer = another({ d1: recorder.d1, clock: () => now });
    const writes = async (userName: string) => {
      recorder.clear();
      const request = requestOf({ kind: "createUser", settingId, document: { userName } });
      await writer.write({ ...request, log: logRowOf(request, settingId, { tokenId: "token" }) });
      return recorder.statements.filter(({ sql }) => sql.startsWith("UPDATE tokens")).length;
    };
    expect(await writes("ada")).toBe(1);
    expect(await writes("bob")).toBe(0);
    now += 6_000;
    expect(await writes("cem")).toBe(1);
  });
});
