import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";

const EVERYONE = { groupSettings: { criteria: "none", targetGroupName: "All" } };

interface Held {
  base: string;
  setting: string;
  client: ScimClient;
  ids: string[];
}

/** Twelve of twenty people are deactivated or deleted: the last two of them wait. */
async function hold(how: "deactivate" | "delete" = "deactivate"): Promise<Held> {
  const company = must(await operate("POST", "/companies", { name: "Northwind" }), 201);
  const base = `/companies/${company.id}`;
  const client = await newSetting(company.id, EVERYONE);
  const { items: settings } = must(await operate("GET", `${base}/scim-settings`), 200);
  const ids: string[] = [];
  for (let n = 0; n < 20; n += 1)
    ids.push(must(await client.send("POST", "/Users", { userName: `p${n}@example.com` }), 201).id);
  for (const id of ids.slice(0, 12)) await leave(client, id, how);
  return { base, setting: `${base}/scim-settings/${settings[0].id}`, client, ids };
}

async function leave(client: ScimClient, id: string, how: "deactivate" | "delete"): Promise<void> {
  const patch = { Operations: [{ op: "replace", path: "active", value: false }] };
  if (how === "delete") must(await client.send("DELETE", `/Users/${id}`), 204);
  else expect(must(await client.send("PATCH", `/Users/${id}`, patch), 200).active).toBe(false);
}

const openHold = async (base: string) => must(await operate("GET", `${base}/holds?status=open`), 200).items[0];

describe("the holds of a company", () => {
  it("are listed with their causes and people, and decided by version", async () => {
    const { base, ids, client } = await hold();
    const first = await openHold(base);
    expect(first).toMatchObject({ kind: "leavers", status: "open", people: 2, version: 2, decidedAt: null });
    expect(first.causes).toMatchObject([{ detail: "deactivated", people: 2 }]);
    expect(first.causes[0].requestIds).toHaveLength(2);
    const effects = must(await operate("GET", `${base}/holds/${first.id}/effects`), 200).items;
    expect(effects).toMatchObject([
      { userId: ids[10], action: "deactivate", state: "waiting", version: 1, groups: [{ name: "All" }] },
      { userId: ids[11], action: "deactivate", state: "waiting", version: 2, groups: [{ name: "All" }] },
    ]);
    const found = must(await operate("GET", `${base}/holds/${first.id}/effects?search=P11@`), 200).items;
    expect(found).toMatchObject([{ userId: ids[11] }]);
    const page = must(await operate("GET", `${base}/holds/${first.id}/effects?limit=1`), 200);
    const next = must(await operate("GET", `${base}/holds/${first.id}/effects?limit=1&cursor=${page.nextCursor}`), 200);
    expect([...page.items, ...next.items]).toEqual(effects);
    await leave(client, ids[12] ?? "", "deactivate");
    const after = must(await operate("POST", `${base}/holds/${first.id}/release`, { version: first.version }), 200);
    expect(after).toMatchObject({ status: "open", people: 1, outcome: { released: 2, kept: 0, dissolved: 0 } });
    expect(after.decidedBy).toEqual({ kind: "operator" });
    expect(must(await operate("GET", `${base}/target-users/${ids[11]}`), 200).status).toBe("inactive");
    expect(must(await operate("GET", `${base}/target-users/${ids[12]}`), 200)).toMatchObject({
      ...{ status: "active", heldBy: first.id },
    });
    must(await operate("POST", `${base}/holds/${first.id}/keep`, { version: after.version }), 200);
    expect((await operate("POST", `${base}/holds/${first.id}/keep`, { version: 9 })).json).toMatchObject({
      ...{ status: 409, code: "hold_closed" },
    });
    expect((await operate("GET", `${base}/holds/nothing`)).json).toMatchObject({ status: 404, code: "no_such_hold" });
  });

  it("tell what was carried out before, and undo it", async () => {
    const { base, ids } = await hold();
    const { id } = await openHold(base);
    const applied = must(await operate("GET", `${base}/holds/${id}/applied`), 200).items;
    expect(applied).toHaveLength(10);
    expect(applied[0]).toMatchObject({ userId: ids[0], group: null, undoneAt: null, canBeUndone: true });
    must(await operate("POST", `${base}/holds/${id}/undo`, { userIds: [ids[0]] }), 200);
    expect(must(await operate("GET", `${base}/target-users/${ids[0]}`), 200)).toMatchObject({
      ...{ status: "active", groups: [{ name: "All" }] },
    });
    expect(must(await operate("GET", `${base}/target-users/${ids[1]}`), 200).status).toBe("inactive");
    const [undone] = must(await operate("GET", `${base}/holds/${id}/applied`), 200).items;
    expect(undone.undoneAt).not.toBe(null);
  });

  it("let a held deletion be erased at any time, and say what of the hour before cannot be undone", async () => {
    const { base, ids } = await hold("delete");
    const { id, people } = await openHold(base);
    expect(people).toBe(2);
    const waiting = must(await operate("GET", `${base}/target-users/${ids[11]}`), 200);
    expect(waiting).toMatchObject({ heldBy: id, managed: true, status: "active" });
    expect((await operate("DELETE", `${base}/target-users/${ids[11]}`)).json.code).toBe("hold_open");
    expect((await operate("POST", `${base}/target-users/${ids[15]}/erase`)).json.code).toBe("not_held");
    must(await operate("POST", `${base}/target-users/${ids[11]}/erase`), 204);
    expect((await operate("GET", `${base}/target-users/${ids[11]}`)).status).toBe(404);
    const applied = must(await operate("GET", `${base}/holds/${id}/applied`), 200).items;
    expect(applied[0]).toMatchObject({ userId: null, canBeUndone: false });
  });

  it("are shown before a setting is paused, regrouped or deleted", async () => {
    const { base, setting, ids } = await hold("delete");
    const regroup = { groupSettings: { criteria: "none", targetGroupName: "Other" } };
    for (const answer of [
      await operate("POST", `${setting}/pause`),
      await operate("PATCH", setting, regroup),
      await operate("DELETE", `${setting}?users=keep`),
      await operate("DELETE", `${setting}?users=remove&holds=leave`),
    ])
      expect(answer.json).toMatchObject({ status: 409, code: "hold_open" });
    must(await operate("PATCH", setting, { name: "Renamed" }), 200);
    must(await operate("PATCH", setting, { ...regroup, holds: "leave" }), 200);
    const groupsOf = async (id = "") =>
      must(await operate("GET", `${base}/target-users/${id}`), 200).groups.map(({ name }: { name: string }) => name);
    expect(await groupsOf(ids[11])).toEqual(["All"]);
    expect(await groupsOf(ids[12])).toEqual(["Other"]);
    must(await operate("DELETE", `${setting}?users=keep&holds=leave`), 204);
    expect(await openHold(base)).toBe(undefined);
    expect(must(await operate("GET", `${base}/target-users/${ids[11]}`), 200)).toMatchObject({
      ...{ managed: false, settingId: null, heldBy: null },
    });
  });
});

describe("the safeguards of a setting", () => {
  it("are the usual ones until they are changed: null switches one off, one left out stays", async () => {
    const { setting } = await hold();
    const usual = must(await operate("GET", setting), 200).safeguards;
    expect(usual.group).toEqual({ people: 20, percent: 50 });
    const change = { leavers: null, moves: { people: 5, percent: 5 } };
    const changed = must(await operate("PATCH", setting, { safeguards: change }), 200).safeguards;
    expect(changed).toEqual({ ...usual, ...change });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(must(await operate("PATCH", setting, { expected: { people: 7, until } }), 200)).toMatchObject({
      ...{ expected: { people: 7, until }, safeguards: changed },
    });
    expect(must(await operate("PATCH", setting, { expected: null }), 200).expected).toBe(null);
    for (const wrong of [{ leavers: { people: -1, percent: 1 } }, { others: null }, { group: { people: 1 } }])
      expect((await operate("PATCH", setting, { safeguards: wrong })).status).toBe(400);
  });
});
