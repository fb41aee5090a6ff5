import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseNotes } from "../../src/log/keep-notes.ts";
import { sayNote } from "../../src/scim/note.ts";
import { fillGroup, fillWithUsers, memberId } from "../providers/crowd.ts";
import { type Connection, callApi, callScim, connect, pick, readText } from "../providers/world.ts";
import { Client, newBench, requireOutcome } from "./bench.ts";
import { FaultyD1 } from "./gate.ts";

const EVERYONE = { groupSettings: { criteria: "none", targetGroupName: "Everyone" } };
const AN_HOUR = 3_600_000;

function patchOf(...Operations: Record<string, unknown>[]) {
  return JSON.stringify({ Operations });
}

/** The warnings of the provisioning log, oldest first. */
async function warningsOf({ companyId, settingId }: Connection): Promise<unknown[]> {
  const log = await callApi("GET", `/companies/${companyId}/scim-settings/${settingId}/log?limit=200`);
  const items = Array.isArray(log.body.items) ? log.body.items : [];
  return items
    .reverse()
    .flatMap((item) => parseNotes(JSON.stringify(pick(item, "notes") ?? [])))
    .map(sayNote);
}

async function deactivate(connection: Connection, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const answer = await callScim(
      connection,
      "PATCH",
      `/Users/${id}`,
      patchOf({ op: "Replace", path: "active", value: "False" }),
    );
    expect(answer.status).toBe(200);
  }
}

async function newGroup(connection: Connection): Promise<string> {
  const id = readText(await callScim(connection, "POST", "/Groups", { displayName: "Crew" }), "id");
  await fillGroup(id);
  return id;
}

/** Sets users inactive or active again, all in one Bulk request. */
async function setActive(connection: Connection, ids: readonly string[], active: boolean): Promise<void> {
  const data = { Operations: [{ op: "replace", value: { active } }] };
  const Operations = ids.map((id) => ({ method: "PATCH", path: `/Users/${id}`, data }));
  expect((await callScim(connection, "POST", "/Bulk", { Operations })).status).toBe(200);
}

function warningOf(left: number, users: number): string {
  return `Mass change: ${left} of the ${users} active users of this SCIM setting were deactivated or deleted within an hour.`;
}

/** Puts the beginning of the present window, and what it counted, into the past. */
async function age({ settingId }: Connection): Promise<void> {
  await env.DB.batch(
    [
      "UPDATE scim_settings SET deactivations_since = deactivations_since - ?1 WHERE id = ?2",
      "UPDATE users SET left_at = left_at - ?1 WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?2)",
    ].map((sql) => env.DB.prepare(sql).bind(AN_HOUR, settingId)),
  );
}

describe("a window of deactivations", () => {
  it.each([
    [3, 3],
    [20, 10],
    [40, 12],
    [49, 14],
    [50, 20],
    [250, 25],
  ])("of a setting with %i users says nothing of %i; one more is noted once", async (users, usual) => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, users);
    await setActive(connection, ids.slice(0, usual), false);
    expect(await warningsOf(connection)).toEqual([]);
    await deactivate(connection, ids.slice(usual, usual + 3));
    expect(await warningsOf(connection)).toEqual(usual === users ? [] : [warningOf(usual + 1, users)]);
  });

  it("counts deletions, PUT and Bulk alike", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 15);
    expect((await callScim(connection, "DELETE", `/Users/${ids[0]}`)).status).toBe(204);
    await callScim(connection, "PUT", `/Users/${ids[1]}`, { userName: "user2", active: false });
    await deactivate(connection, ids.slice(2, 9));
    expect(await warningsOf(connection)).toEqual([]);
    const parts = [9, 10].map((index) => ({ method: "DELETE", path: `/Users/${ids[index]}` }));
    await callScim(connection, "POST", "/Bulk", { Operations: parts });
    expect(await warningsOf(connection)).toEqual([warningOf(11, 15)]);
  });

  it("counts each person once, and takes off who comes back", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 20);
    const [first = "", second = ""] = ids;
    for (let turn = 0; turn < 8; turn += 1) {
      await setActive(connection, [first, second], false);
      await setActive(connection, turn % 2 === 0 ? [first, second] : [first, second, first], true);
    }
    await setActive(connection, ids.slice(0, 10), false);
    expect((await callScim(connection, "DELETE", `/Users/${first}`)).status).toBe(204);
    expect(await warningsOf(connection)).toEqual([]);
    await setActive(connection, [second], true);
    await deactivate(connection, ids.slice(10, 11));
    expect(await warningsOf(connection)).toEqual([]);
    await deactivate(connection, [second]);
    expect(await warningsOf(connection)).toEqual([warningOf(11, 20)]);
  });

  it("ends after an hour; who left before it is not taken off the next one", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 30);
    await setActive(connection, ids.slice(0, 9), false);
    await age(connection);
    await deactivate(connection, ids.slice(9, 14));
    expect(await warningsOf(connection)).toEqual([]);
    await setActive(connection, ids.slice(0, 5), true);
    await deactivate(connection, ids.slice(14, 19));
    expect(await warningsOf(connection)).toEqual([]);
    await deactivate(connection, ids.slice(19, 20));
    expect(await warningsOf(connection)).toEqual([warningOf(11, 26)]);
  });

  it("neither counts a repetition nor a refused request", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 12);
    await setActive(connection, ids.slice(0, 10), false);
    await deactivate(connection, [memberId(1), memberId(1), memberId(1)]);
    const refused = patchOf({ op: "replace", path: "active", value: false }, { op: "remove", path: "userName" });
    expect((await callScim(connection, "PATCH", `/Users/${ids[10]}`, refused)).status).toBe(400);
    const bulk = { Operations: [{ method: "PATCH", path: `/Users/${ids[10]}`, data: JSON.parse(refused) }] };
    await callScim(connection, "POST", "/Bulk", bulk);
    expect(await warningsOf(connection)).toEqual([]);
    await deactivate(connection, ids.slice(10, 11));
    expect(await warningsOf(connection)).toEqual([warningOf(11, 12)]);
  });

  it("leaves an admin's own removal of a setting's users uncounted", async () => {
    const connection = await connect(EVERYONE);
    await fillWithUsers(connection, 5);
    const path = `/companies/${connection.companyId}/scim-settings/${connection.settingId}?users=remove`;
    expect((await callApi("DELETE", path)).status).toBe(204);
    const { results } = await env.DB.prepare("SELECT deactivations FROM scim_settings WHERE id = ?")
      .bind(connection.settingId)
      .all();
    expect(results).toEqual([{ deactivations: 0 }]);
  });

  it("costs no further trip to D1", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "Everyone" });
    const ids = [];
    for (const name of ["ada", "bo"]) ids.push(await new Client(bench.writer, bench.settingId).user(name));
    const counted = new FaultyD1(env.DB);
    const client = new Client(bench.another({ d1: counted.d1 }), bench.settingId);
    requireOutcome(await client.patchUser(ids[0] ?? "", { op: "replace", path: "title", value: "Mate" }));
    const before = counted.batches;
    for (const value of [false, true]) {
      requireOutcome(await client.patchUser(ids[1] ?? "", { op: "replace", path: "active", value }));
      expect(counted.batches - before).toBe(value ? 4 : 2);
    }
  });
});

describe("a request that takes more than half of a group over 20", () => {
  const removal = (ids: readonly string[]) => ({
    Operations: [{ op: "Remove", path: "members", value: ids.map((value) => ({ value })) }],
  });

  it("is noted, whether by PATCH, by PUT or by deleting the group", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 24);
    const id = await newGroup(connection);
    await callScim(connection, "PATCH", `/Groups/${id}`, removal(ids.slice(0, 2)));
    expect(await warningsOf(connection)).toEqual([]);
    await callScim(connection, "PATCH", `/Groups/${id}`, { ...removal(ids.slice(2, 14)) });
    await fillGroupAgain(id);
    await callScim(connection, "PUT", `/Groups/${id}`, { displayName: "Crew", members: [] });
    await fillGroupAgain(id);
    await callScim(connection, "DELETE", `/Groups/${id}`);
    expect(await warningsOf(connection)).toEqual([
      "Mass change: this request removed 12 of the 22 members of the group.",
      "Mass change: this request removed 24 of the 24 members of the group.",
      "Mass change: this request removed 24 of the 24 members of the group.",
    ]);
  });

  it("is noted when the removals are the parts of one Bulk request", async () => {
    const connection = await connect(EVERYONE);
    const ids = await fillWithUsers(connection, 22);
    const id = await newGroup(connection);
    const parts = ids.slice(0, 12).map((user) => ({ method: "PATCH", path: `/Groups/${id}`, data: removal([user]) }));
    await callScim(connection, "POST", "/Bulk", { Operations: parts });
    expect(await warningsOf(connection)).toEqual([
      "Mass change: this request removed 12 of the 22 members of the group.",
    ]);
  });
});

async function fillGroupAgain(id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM group_members WHERE group_key = (SELECT group_key FROM groups WHERE id = ?)")
    .bind(id)
    .run();
  await fillGroup(id);
}
