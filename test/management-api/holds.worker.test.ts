import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newSetting, operate, postUsers, type ScimClient } from "../scim-api/scim-client.ts";

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
  const ids = await postUsers(
    client,
    Array.from({ length: 20 }, (_, n) => ({ userName: `p${n}@example.com` })),
  );
  await Promise.all(ids.slice(0, 10).map((id) => leave(client, id, how)));
  for (const id of ids.slice(10, 12)) await leave(client, id, how);
  return { base, setting: `${base}/scim-settings/${settings[0].id}`, client, ids };
}

async function leave(client: ScimClient, id: string, how: "deactivate" | "delete"): Promise<void> {
  const patch = { Operations: [{ op: "replace", path: "active", value: false }] };
  if (how === "delete") must(await client.send("DELETE", `/Users/${id}`), 204);
  else expect(must(await client.send("PATCH", `/Users/${id}`, patch), 200).active).toBe(false);
}

async function back(client: ScimClient, id = ""): Promise<void> {
  const patch = { Operations: [{ op: "replace", path: "active", value: true }] };
  must(await client.send("PATCH", `/Users/${id}`, patch), 200);
}

const ACTIVE = encodeURIComponent("active eq true");

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
});

describe("the holds of a company when they are decided", () => {
  it("refuse a decision about nobody, and one by a version that was never shown", async () => {
    const { base, ids } = await hold();
    const { id, version } = await openHold(base);
    const at = `${base}/holds/${id}`;
    const unknown = "0192f0aa-0000-7000-8000-000000000000";
    for (const decision of ["release", "keep"]) {
      const post = async (body: object) => (await operate("POST", `${at}/${decision}`, body)).json;
      const ahead = await post({ version: version + 1 });
      expect(ahead).toMatchObject({ status: 409, code: "version_not_shown" });
      expect(ahead.detail).toContain(`The hold is at version ${version}`);
      for (const body of [
        { version, userIds: ["nope"] },
        { version, userIds: [unknown] },
        // Deactivated before the hold opened, and active.
        { version, userIds: [ids[0], ids[19]] },
        { version: 1, userIds: [ids[11]] },
        { version: 0 },
      ])
        expect(await post(body), JSON.stringify(body)).toMatchObject({ status: 409, code: "not_held" });
    }
    for (const body of [{ userIds: ["nope"] }, { userIds: [unknown, ids[11]] }])
      expect((await operate("POST", `${at}/undo`, body)).json).toMatchObject({ status: 409, code: "nothing_to_undo" });
    expect(await openHold(base)).toMatchObject({ people: 2, decidedAt: null });
    // Of several, those of whom nothing waits are passed over.
    must(await operate("POST", `${at}/release`, { version, userIds: [unknown, ids[10]] }), 200);
    expect(await openHold(base)).toMatchObject({ people: 1, outcome: { released: 1 } });
  });
});

describe("holds and what became of them", () => {
  it("let what was carried out before be undone when they are closed too, and say of each person why not", async () => {
    const { base, ids, client } = await hold();
    const { id, version } = await openHold(base);
    must(await operate("POST", `${base}/holds/${id}/release`, { version }), 200);
    must(await client.send("DELETE", `/Users/${ids[1]}`), 204);
    await back(client, ids[2]);
    const applied = async () =>
      (await must(await operate("GET", `${base}/holds/${id}/applied`), 200)).items.map(
        ({ canBeUndone, obstacle }: { canBeUndone: boolean; obstacle: string | null }) => [canBeUndone, obstacle],
      );
    expect((await applied()).slice(0, 4)).toEqual([
      [true, null],
      [false, "erased"],
      [false, "back"],
      [true, null],
    ]);
    expect((await operate("POST", `${base}/holds/${id}/undo`, { userIds: [ids[1], ids[2]] })).json).toMatchObject({
      code: "nothing_to_undo",
    });
    must(await operate("POST", `${base}/holds/${id}/undo`, { userIds: [ids[0]] }), 200);
    expect(must(await operate("GET", `${base}/target-users/${ids[0]}`), 200)).toMatchObject({
      ...{ status: "active", groups: [{ name: "All" }] },
    });
    must(await operate("POST", `${base}/holds/${id}/undo`, {}), 200);
    expect((await applied()).map(([can]: [boolean]) => can)).not.toContain(true);
    expect((await applied())[2]).toEqual([false, "back"]);
    expect(must(await operate("GET", `${base}/target-users?filter=${ACTIVE}`), 200).items).toHaveLength(17);
    expect((await operate("POST", `${base}/holds/${id}/undo`, {})).json.code).toBe("nothing_to_undo");
  });

  it("are searched by e-mail address and name too, also for those who are deleted", async () => {
    const { base, client } = await hold("delete");
    const person = {
      userName: "a.b",
      name: { givenName: "Zoë", familyName: "Quist" },
      emails: [{ value: "zq@mail.example", primary: true }],
    };
    const { id } = must(await client.send("POST", "/Users", person), 201);
    must(await client.send("DELETE", `/Users/${id}`), 204);
    const { id: holdId } = await openHold(base);
    for (const search of ["ZQ@mail", "quist zo", "A.B"]) {
      const { items } = must(
        await operate("GET", `${base}/holds/${holdId}/effects?search=${encodeURIComponent(search)}`),
        200,
      );
      expect(items, search).toMatchObject([{ userId: id, action: "delete" }]);
    }
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
    const refused = (await operate("DELETE", `${setting}?users=remove&holds=leave`)).json;
    expect(refused.detail).toContain("are not removed before");
    expect(refused.detail).not.toContain("leave them untouched");
    must(await operate("DELETE", `${setting}?users=keep&holds=leave`), 204);
    expect(await openHold(base)).toBe(undefined);
    expect(must(await operate("GET", `${base}/target-users/${ids[11]}`), 200)).toMatchObject({
      ...{ managed: false, settingId: null, heldBy: null },
    });
  });
});

describe("people of a deleted setting", () => {
  it("are held by nothing any more, whether they waited or were kept before", async () => {
    const { base, setting, ids } = await hold();
    const { id, version } = await openHold(base);
    must(await operate("POST", `${base}/holds/${id}/keep`, { version, userIds: [ids[10]] }), 200);
    const heldOf = async (userId = "") => {
      const { managed, heldBy, groups } = must(await operate("GET", `${base}/target-users/${userId}`), 200);
      return [managed, heldBy, ...groups.flatMap((group: { reasons: { heldBy: string | null }[] }) => group.reasons)];
    };
    expect((await heldOf(ids[10])).slice(0, 2)).toEqual([true, id]);
    must(await operate("DELETE", `${setting}?users=keep&holds=leave`), 204);
    for (const userId of [ids[10], ids[11]])
      expect(await heldOf(userId)).toMatchObject([false, null, { heldBy: null }]);
  });
});

describe("a move that waits", () => {
  it("tells where from and where to, and a rename what the group is called now", async () => {
    const company = must(await operate("POST", "/companies", { name: "Moves" }), 201);
    const base = `/companies/${company.id}`;
    const moves = { people: 0, percent: 0 };
    const byField = await newSetting(company.id, {
      groupSettings: { criteria: "field", field: "department" },
      safeguards: { moves },
    });
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const user = { userName: "ada", [enterprise]: { department: "Sales" } };
    const { id } = must(await byField.send("POST", "/Users", user), 201);
    const patch = { Operations: [{ op: "replace", path: `${enterprise}:department`, value: "Law" }] };
    must(await byField.send("PATCH", `/Users/${id}`, patch), 200);
    const effectsOf = async (hold: { id: string }) =>
      must(await operate("GET", `${base}/holds/${hold.id}/effects`), 200).items;
    const first = await openHold(base);
    expect(await effectsOf(first)).toMatchObject([{ userId: id, groups: [{ name: "Sales", to: "Law" }] }]);
    must(await operate("POST", `${base}/holds/${first.id}/release`, { version: first.version }), 200);
    const byGroup = await newSetting(company.id, { groupSettings: { criteria: "idp" } });
    const member = must(await byGroup.send("POST", "/Users", { userName: "bob" }), 201);
    const group = { displayName: "One", members: [{ value: member.id }] };
    const made = must(await byGroup.send("POST", "/Groups", group), 201);
    const { items: groups } = must(await operate("GET", `${base}/target-groups`), 200);
    const one = groups.find(({ name }: { name: string }) => name === "One");
    const items = [{ kind: "training", id: "t", name: "T" }];
    must(await operate("PUT", `${base}/target-groups/${one.id}/auto-enrolments`, items), 200);
    must(await operate("POST", `${base}/target-groups`, { name: "Two" }), 201);
    const rename = { Operations: [{ op: "replace", path: "displayName", value: "Two" }] };
    must(await byGroup.send("PATCH", `/Groups/${made.id}`, rename), 204);
    const second = await openHold(base);
    expect(second.causes).toMatchObject([{ detail: 'IdP group "One" is now "Two"' }]);
    expect(await effectsOf(second)).toMatchObject([{ userId: member.id, groups: [{ name: "One", to: "Two" }] }]);
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
    const past = { people: 7, until: new Date(Date.now() - 60_000).toISOString() };
    expect((await operate("PATCH", setting, { expected: past })).json).toMatchObject({
      ...{ status: 400, errors: [{ pointer: "/expected/until" }] },
    });
    for (const wrong of [{ leavers: { people: -1, percent: 1 } }, { others: null }, { group: { people: 1 } }])
      expect((await operate("PATCH", setting, { safeguards: wrong })).status).toBe(400);
  });
});
