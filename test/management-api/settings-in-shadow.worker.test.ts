import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import { compareFold, follow, type Read, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { fillWithUsers } from "../providers/crowd.ts";
import { must } from "../safety/populated-company.ts";
import { newClient, newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const BY_DEPARTMENT = { criteria: "field", field: "department" };

interface Person {
  email?: string;
  department?: string;
  active?: boolean;
}

async function addUser(client: ScimClient, userName: string, person: Person = {}): Promise<string> {
  const { email, department, active = true } = person;
  const body = {
    ...{ schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName, active },
    ...(email !== undefined && { emails: [{ value: email, type: "work" }] }),
    ...(department !== undefined && { [ENTERPRISE]: { department } }),
  };
  return must(await client.send("POST", "/Users", body), 201).id;
}

async function addGroup(client: ScimClient, displayName: string, members: string[] = []): Promise<string> {
  const body = { displayName, members: members.map((value) => ({ value })) };
  return must(await client.send("POST", "/Groups", body), 201).id;
}

function readerOf(companyId: string): Read {
  return async (path) => must(await operate("GET", `/companies/${companyId}${path}`), 200);
}

/** A company with a live setting, and one in shadow. */
async function twoSettings(groupSettings: object = BY_DEPARTMENT) {
  const live = await newClient({ groupSettings: BY_DEPARTMENT });
  const shadow = await newSetting(live.companyId, { groupSettings, mode: "shadow" });
  const base = `/companies/${live.companyId}`;
  const path = `${base}/scim-settings/${shadow.settingId}`;
  const read = readerOf(live.companyId);
  const setting = () => read(`/scim-settings/${shadow.settingId}`);
  const goLive = async () =>
    must(await operate("POST", `${path}/go-live`, { version: (await setting()).shadow.version }), 200);
  return { live, shadow, base, path, read, setting, goLive };
}

async function enrolIn(base: string, groupId: string, id: string) {
  const items = [{ kind: "training", id, name: `Training ${id}` }];
  must(await operate("PUT", `${base}/target-groups/${groupId}/auto-enrolments`, items), 200);
}

/** What anybody can see of the target side of a company, and all that was ever told of it. */
async function targetSide(read: Read) {
  const { items: feed } = await read("/changes?limit=200");
  const told = feed.filter(({ type }: { type: string }) => /^(user|member|group|enrolment|hold)\./.test(type));
  const { items: persons } = await read("/target-users");
  return { ...(await readPicture(read)), told, persons };
}

describe("a setting in shadow", () => {
  it("answers SCIM in full, and nothing of it shows", async () => {
    const { live, shadow, base, read, setting } = await twoSettings({ criteria: "idp", targetGroupName: "Everyone" });
    const ada = await addUser(live, "ada", { email: "ada@example.com", department: "Sales" });
    const before = await targetSide(read);

    const twin = await addUser(shadow, "ada", { email: "ada@example.com", department: "Sales" });
    const crew = await addGroup(shadow, "Sales", [twin]);
    await addGroup(shadow, "Deck", [await addUser(shadow, "ben"), await addUser(shadow, "cem", { active: false })]);
    const found = must(await shadow.send("GET", '/Users?filter=userName eq "ADA"'), 200);
    expect(found).toMatchObject({ totalResults: 1, Resources: [{ id: twin, groups: [{ value: crew }] }] });
    expect((await shadow.send("GET", `/Users/${twin}`)).headers.get("etag")).toMatch(/^W\//);
    expect((await shadow.send("POST", "/Users", { userName: "Ada" })).status).toBe(409);
    const patch = { Operations: [{ op: "replace", path: "displayName", value: "Ada L." }] };
    expect(must(await shadow.send("PATCH", `/Users/${twin}`, patch), 200).displayName).toBe("Ada L.");
    must(
      await shadow.send("PATCH", `/Users/${twin}`, { Operations: [{ op: "replace", value: { active: false } }] }),
      200,
    );
    must(
      await shadow.send("PATCH", `/Users/${twin}`, { Operations: [{ op: "replace", value: { active: true } }] }),
      200,
    );
    must(await shadow.send("PUT", `/Groups/${crew}`, { displayName: "Legal", members: [{ value: twin }] }), 200);
    expect(must(await shadow.send("GET", "/Groups?count=10"), 200).totalResults).toBe(2);

    expect(await targetSide(read)).toEqual(before);
    expect(await setting()).toMatchObject({ status: "shadow", users: { active: 2, inactive: 1 } });
    for (const path of [`/target-users/${twin}`, `/target-users/${twin}/export`])
      expect((await operate("GET", `${base}${path}`)).json).toMatchObject({ code: "no_such_user" });
    for (const query of ['filter=userName eq "ada"', 'filter=displayName co "Ada"', "managed=true", "managed=false"]) {
      const ids = (await read(`/target-users?${query}`)).items.map(({ id }: { id: string }) => id);
      expect(ids.filter((id: string) => id !== ada)).toEqual([]);
    }
    const [sales] = (await read("/target-groups")).items;
    for (const [method, path, code] of [
      ["PUT", `/target-groups/${sales.id}/members/${twin}`, 404],
      ["PATCH", `/target-users/${twin}`, 404],
      ["DELETE", `/target-users/${twin}`, 404],
      ["POST", `/target-users/${twin}/erase`, 404],
      ["GET", `/enrolments?userId=${twin}`, 404],
    ] as const)
      expect((await operate(method, `${base}${path}`, method === "PATCH" ? {} : undefined)).status, path).toBe(code);
    must(await shadow.send("DELETE", `/Users/${twin}`), 204);
    expect(await targetSide(read)).toEqual(before);
  });

  it("is in no snapshot until it is live", async () => {
    const { live, shadow, goLive } = await twoSettings();
    const snapshot = async () => {
      const url = `https://rollcall.test/api/v1/companies/${live.companyId}/snapshot`;
      const headers = { Authorization: `Bearer ${env.OPERATOR_KEY}` };
      const answer = await exports.default.fetch(new Request(url, { headers }));
      return new TextDecoder().decode(await answer.arrayBuffer());
    };
    const ada = await addUser(live, "ada", { department: "Sales" });
    const ben = await addUser(shadow, "ben", { department: "Sales" });
    const before = await snapshot();
    expect([before.includes(ada), before.includes(ben)]).toEqual([true, false]);
    await goLive();
    expect((await snapshot()).split(ben)).toHaveLength(3);
  });

  it("does not count for the brake, and takes nothing from whoever is the same person elsewhere", async () => {
    const { live, shadow, base, read } = await twoSettings();
    await addUser(live, "ada", { email: "ada@example.com", department: "Sales" });
    const [sales] = (await read("/target-groups")).items;
    await enrolIn(base, sales.id, "t1");
    const ids: string[] = [];
    for (let n = 0; n < 16; n += 1)
      ids.push(await addUser(shadow, `p${n}`, { email: n === 0 ? "ada@example.com" : undefined, department: "Sales" }));
    const before = await targetSide(read);
    for (const id of ids) must(await shadow.send("DELETE", `/Users/${id}`), 204);
    expect((await read("/holds")).items).toEqual([]);
    expect(await targetSide(read)).toEqual(before);
  });
});

describe("going live", () => {
  it("is foreseen, and done as foreseen", async () => {
    const { live, shadow, base, read, setting, goLive } = await twoSettings({
      ...{ criteria: "field", field: "department", targetGroupName: "Others", targetGroupScope: "ungrouped" },
    });
    await addUser(live, "ada", { email: "ada@example.com", department: "Sales" });
    const [sales] = (await read("/target-groups")).items;
    await enrolIn(base, sales.id, "t1");
    await addUser(shadow, "ada@shadow", { email: "Ada@Example.com", department: "sales" });
    await addUser(shadow, "ben", { email: "ben@example.com", department: "Sales" });
    await addUser(shadow, "cem", { department: "Legal" });
    await addUser(shadow, "dua", { email: "dua@example.com" });
    await addUser(shadow, "eve", { email: "eve@example.com", department: "Sales", active: false });
    const gone = await addUser(shadow, "fay", { department: "Sales" });
    must(await shadow.send("DELETE", `/Users/${gone}`), 204);
    const foreseen = await setting();
    expect(foreseen).toMatchObject({
      groupSettings: { targetGroupId: null, targetGroupName: "Others" },
      shadow: {
        people: { new: 3, known: 1, skipped: 1 },
        groups: { new: 2, fed: 1 },
        enrolments: [{ kind: "training", itemId: "t1", name: "Training t1", starts: 1, ends: 0 }],
      },
    });
    const listed = (await read("/scim-settings")).items.map((each: { shadow: unknown }) => each.shadow);
    expect(listed).toEqual([null, foreseen.shadow]);

    const fold = new FeedFold();
    await follow(read, fold);
    expect(await goLive()).toMatchObject({ status: "active", shadow: null });
    await follow(read, fold);
    const picture = await readPicture(read);
    expect(compareFold(fold, picture)).toEqual([]);
    expect(picture.users.map(({ userName, status }) => `${userName} ${status}`).sort()).toEqual([
      ...["ada active", "ada@shadow active", "ben active", "cem active", "dua active", "eve inactive"],
    ]);
    expect(picture.groups.map(({ name, members }) => `${name} ${members.length}`).sort()).toEqual([
      ...["Legal 1", "Others 1", "Sales 3"],
    ]);
    expect(picture.enrolments).toHaveLength(2);
    await addUser(shadow, "gil", { department: "Legal" });
    expect((await read("/target-users")).items).toHaveLength(7);
  });
});

describe("what going live would do, and by which configuration", () => {
  it("is foreseen for many people within the company's share, without which the setting is answered all the same", async () => {
    const { live, shadow, setting, goLive } = await twoSettings({ criteria: "none", targetGroupName: "All" });
    await fillWithUsers({ companyId: live.companyId, settingId: shadow.settingId }, 1_001);
    expect((await setting()).shadow).toMatchObject({ people: { new: 1_001 }, groups: { new: 1, fed: 0 } });
    await env.SHARE.get(env.SHARE.idFromName(live.companyId)).charge(BURST + 3_600_000);
    const { version, ...figures } = (await setting()).shadow;
    expect(figures).toEqual({ people: null, groups: null, enrolments: null });
    expect(version).toMatch(/./);
    expect(await goLive()).toMatchObject({ status: "active", shadow: null });
  });

  it("goes by the configuration that was looked at and no other, whatever else happened meanwhile", async () => {
    const { shadow, path, setting, read } = await twoSettings();
    const { version } = (await setting()).shadow;
    await addUser(shadow, "ada", { department: "Sales" });
    expect((await setting()).shadow.version).toBe(version);
    must(await operate("PATCH", path, { name: "Other name", safeguards: { leavers: null } }), 200);
    expect((await setting()).shadow.version).toBe(version);
    for (const change of [
      { groupSettings: { criteria: "idp" } },
      { groupSettings: { criteria: "none", targetGroupName: "All" } },
      { groupSettings: BY_DEPARTMENT, fieldMappings: [{ field: "department", path: "title" }] },
    ]) {
      must(await operate("PATCH", path, change), 200);
      expect((await setting()).shadow.version).not.toBe(version);
      const refused = await operate("POST", `${path}/go-live`, { version });
      expect(refused).toMatchObject({ status: 409, json: { code: "setting_changed" } });
    }
    must(await operate("PATCH", path, { fieldMappings: [] }), 200);
    expect((await read("/target-users")).items).toEqual([]);
    must(await operate("POST", `${path}/go-live`, { version }), 200);
    expect((await read("/target-users")).items).toHaveLength(1);
    // Asked again, as when the first answer was lost.
    must(await operate("POST", `${path}/go-live`, { version }), 200);
    expect((await read("/target-users")).items).toHaveLength(1);
    expect((await operate("POST", `${path}/go-live`, {})).status).toBe(400);
  });
});

describe("what an admin does to a setting in shadow", () => {
  it("leaves it in shadow where it is paused and resumed", async () => {
    const { shadow, path, setting, read, goLive } = await twoSettings();
    await addUser(shadow, "ada", { department: "Sales" });
    must(await operate("POST", `${path}/pause`), 200);
    expect(await setting()).toMatchObject({ status: "paused", shadow: { people: { new: 1 } } });
    expect((await shadow.send("GET", "/Users")).status).toBe(403);
    expect(must(await operate("POST", `${path}/resume`), 200)).toMatchObject({ status: "shadow" });
    expect((await read("/target-users")).items).toEqual([]);
    must(await operate("POST", `${path}/pause`), 200);
    expect(await goLive()).toMatchObject({ status: "paused", shadow: null });
    expect((await read("/target-users")).items).toHaveLength(1);
  });

  it.each(["keep", "remove"])(
    "leaves nothing behind and tells nobody where it is deleted with users=%s",
    async (users) => {
      const { live, shadow, path, read } = await twoSettings({ criteria: "idp", targetGroupName: "All" });
      await addUser(live, "ada", { department: "Sales" });
      await addGroup(shadow, "Crew", [await addUser(shadow, "ben")]);
      const before = await targetSide(read);
      must(await operate("DELETE", `${path}?users=${users}`), 204);
      expect(await targetSide(read)).toEqual(before);
      expect((await read("/target-users?managed=false")).items).toEqual([]);
    },
  );

  it("moves nobody where fields or groups are changed; a preview tells of going live with the change", async () => {
    const { shadow, path, read, setting } = await twoSettings();
    await addUser(shadow, "ada", { department: "Sales" });
    await addUser(shadow, "ben");
    const change = { groupSettings: { criteria: "none", targetGroupName: "All" } };
    const preview = must(await operate("POST", `${path}/preview`, change), 200);
    expect(preview).toMatchObject({ joins: 2, leaves: 0, groups: { new: 1, emptied: 0 } });
    must(await operate("PATCH", path, change), 200);
    expect(await setting()).toMatchObject({
      groupSettings: { targetGroupName: "All" },
      shadow: { people: { new: 2, known: 0, skipped: 0 }, groups: { new: 1, fed: 0 } },
    });
    expect((await read("/target-groups")).items).toEqual([]);
  });
});
