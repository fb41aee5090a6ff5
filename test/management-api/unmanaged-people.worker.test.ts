import { beforeAll, describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const BY_LOC = {
  fieldMappings: [{ field: "loc", path: 'addresses[type eq "work"].locality' }],
  groupSettings: { criteria: "field", field: "loc", targetGroupName: "All" },
};
const FIELDS = [
  { key: "loc", label: "Location", type: "text" },
  { key: "badge", label: "Badge", type: "number" },
  { key: "remote", label: "Remote", type: "boolean" },
  { key: "since", label: "Since", type: "date" },
];

interface Kept {
  client: ScimClient;
  base: string;
  ada: string;
  groups: Record<string, string>;
}

const personOf = (userName: string, locality: string) => ({
  userName: `${userName}@example.com`,
  externalId: `ext-${userName}`,
  emails: [
    { value: `${userName}@example.com`, primary: true },
    { value: `${userName}@home.example`, type: "home" },
  ],
  addresses: [{ type: "work", locality }],
  [ENTERPRISE]: { department: "Sales" },
});

/** A company whose setting is deleted: ada is in All and Berlin by its rules and in Board by hand, and enrolled by all. */
async function keep(): Promise<Kept> {
  const company = must(await operate("POST", "/companies", { name: "Northwind" }), 201);
  const base = `/companies/${company.id}`;
  for (const field of FIELDS) must(await operate("POST", `${base}/fields`, field), 201);
  const client = await newSetting(company.id, BY_LOC);
  const { id: ada } = must(await client.send("POST", "/Users", personOf("ada", "Berlin")), 201);
  must(await client.send("POST", "/Users", personOf("bob", "Oslo")), 201);
  const board = must(await operate("POST", `${base}/target-groups`, { name: "Board" }), 201);
  must(await operate("PUT", `${base}/target-groups/${board.id}/members/${ada}`), 204);
  const groups: Record<string, string> = {};
  for (const { id, name } of must(await operate("GET", `${base}/target-groups`), 200).items) {
    groups[name] = id;
    const items = [{ kind: "training", id: `about-${name}`, name }];
    must(await operate("PUT", `${base}/target-groups/${id}/auto-enrolments`, items), 200);
  }
  must(await operate("DELETE", `${base}/scim-settings/${client.settingId}?users=keep`), 204);
  return { client, base, ada, groups };
}

const namesOf = (person: { groups: { name: string }[] }) => person.groups.map(({ name }) => name);
const openOf = (person: { enrolments: { status: string; itemId: string }[] }) =>
  person.enrolments.flatMap(({ status, itemId }) => (status === "active" ? [itemId] : [])).sort();

async function changesSince(base: string, after: string) {
  return must(await operate("GET", `${base}/changes?after=${after}&limit=200`), 200).items;
}
async function headOf(base: string): Promise<string> {
  return must(await operate("GET", `${base}/changes?limit=200`), 200).items.at(-1).cursor;
}

describe("somebody whom no live setting manages", () => {
  it("says so, beside all that was there before, and is found by it", async () => {
    const { client, base, ada } = await keep();
    const person = must(await operate("GET", `${base}/target-users/${ada}`), 200);
    expect(person).toMatchObject({ managed: false, settingId: null, status: "active", fields: { loc: "Berlin" } });
    expect(
      person.groups.map(({ reasons }: { reasons: { settingId: string | null }[] }) => reasons[0]?.settingId),
    ).toEqual([client.settingId, client.settingId, null]);
    expect(must(await operate("GET", `${base}/target-users/${ada}/export`), 200).user).toMatchObject({
      managed: false,
    });
    const live = await newSetting(base.slice("/companies/".length), BY_LOC);
    const eve = must(await live.send("POST", "/Users", personOf("eve", "Rome")), 201).id;
    const listed = async (query: string) =>
      must(await operate("GET", `${base}/target-users?${query}`), 200).items.map(
        ({ userName, managed, settingId }: Record<string, unknown>) => [userName, managed, settingId],
      );
    const [a, b] = [
      ["ada@example.com", false, null],
      ["bob@example.com", false, null],
    ];
    const e = ["eve@example.com", true, live.settingId];
    expect(await listed("")).toEqual([a, b, e]);
    expect(await listed("managed=false")).toEqual([a, b]);
    expect(await listed("managed=true")).toEqual([e]);
    expect(await listed(`managed=false&filter=${encodeURIComponent('userName sw "b"')}`)).toEqual([b]);
    expect(await listed(`managed=true&filter=${encodeURIComponent(`id eq "${ada}"`)}`)).toEqual([]);
    expect((await operate("GET", `${base}/target-users?managed=perhaps`)).status).toBe(400);
    const first = must(await operate("GET", `${base}/target-users?managed=false&limit=1`), 200);
    const rest = must(await operate("GET", `${base}/target-users?managed=false&cursor=${first.nextCursor}`), 200);
    expect(rest).toMatchObject({ items: [{ userName: "bob@example.com" }], nextCursor: null });
    expect(eve).not.toBe(ada);
  });

  it("takes other values in its fields, and stays in its groups", async () => {
    const { base, ada } = await keep();
    const path = `${base}/target-users/${ada}`;
    const before = must(await operate("GET", path), 200);
    const cursor = await headOf(base);
    const fields = {
      email: " New@example.com ",
      department: null,
      loc: "Rome",
      badge: 7,
      remote: false,
      since: "2026-11-24",
    };
    const after = must(await operate("PATCH", path, { fields }), 200);
    expect(after.fields).toEqual({ ...before.fields, ...fields, email: "New@example.com" });
    expect(after.groups).toEqual(before.groups);
    // With another e-mail it is another person to the outside; what it is enrolled in goes with it.
    expect(after.personId).not.toBe(before.personId);
    const { personId } = after;
    expect(after.enrolments).toEqual(before.enrolments.map((each: object) => ({ ...each, personId })));
    expect(must(await operate("GET", path), 200)).toEqual(after);
    const [change, ...more] = await changesSince(base, cursor);
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      type: "user.updated",
      subject: { kind: "user", id: ada },
      cause: { actor: "operator", settingId: null },
      data: {
        changed: {
          email: { old: "ada@example.com", new: "New@example.com" },
          department: { old: "Sales", new: null },
          loc: { old: "Berlin", new: "Rome" },
          badge: { old: null, new: 7 },
          remote: { old: null, new: false },
          since: { old: null, new: "2026-11-24" },
        },
      },
    });
    must(await operate("PATCH", path, { fields: { badge: 7 }, status: "active" }), 200);
    must(await operate("PATCH", path, {}), 200);
    expect(await changesSince(base, change.cursor)).toEqual([]);
  });

  it("is found by what it is called now, as others are by what their provider sent", async () => {
    const { base, ada } = await keep();
    const find = async (filter: string) =>
      must(await operate("GET", `${base}/target-users?filter=${encodeURIComponent(filter)}`), 200).items.length;
    must(
      await operate("PATCH", `${base}/target-users/${ada}`, { fields: { email: "new@example.com", loc: "Rome" } }),
      200,
    );
    expect(await find('emails.value eq "new@example.com"')).toBe(1);
    expect(await find('emails.value eq "ada@example.com"')).toBe(0);
    expect(await find('emails.value eq "ada@home.example"')).toBe(1);
    expect(await find('addresses[type eq "work" and locality eq "Rome"]')).toBe(1);
    expect(await find(`active eq false and id eq "${ada}"`)).toBe(0);
    must(await operate("PATCH", `${base}/target-users/${ada}`, { status: "inactive" }), 200);
    expect(await find(`active eq false and id eq "${ada}"`)).toBe(1);
  });
});

describe("what becomes of somebody whom no live setting manages", () => {
  it("made inactive is withdrawn and leaves all groups but those by hand, and comes back to no other", async () => {
    const { base, ada } = await keep();
    const path = `${base}/target-users/${ada}`;
    const before = must(await operate("GET", path), 200);
    expect(openOf(before)).toEqual(["about-All", "about-Berlin", "about-Board"]);
    const cursor = await headOf(base);
    const inactive = must(await operate("PATCH", path, { status: "inactive" }), 200);
    expect(inactive).toMatchObject({ status: "inactive", fields: before.fields });
    expect([namesOf(inactive), openOf(inactive)]).toEqual([["Board"], []]);
    const types = (await changesSince(base, cursor)).map(({ type }: { type: string }) => type).sort();
    expect(types).toEqual([
      ...["enrolment.withdrawn", "enrolment.withdrawn", "enrolment.withdrawn"],
      ...["member.removed", "member.removed", "user.deactivated"],
    ]);
    const active = must(await operate("PATCH", path, { status: "active" }), 200);
    expect([active.status, namesOf(active), openOf(active)]).toEqual(["active", ["Board"], ["about-Board"]]);
  });

  it("is taken out of a group by hand whatever gave it, and put into one", async () => {
    const { base, ada, groups } = await keep();
    const member = (name: string) => `${base}/target-groups/${groups[name]}/members/${ada}`;
    must(await operate("DELETE", member("Berlin")), 204);
    must(await operate("PUT", member("Oslo")), 204);
    const person = must(await operate("GET", `${base}/target-users/${ada}`), 200);
    expect([namesOf(person), openOf(person)]).toEqual([
      ["All", "Board", "Oslo"],
      ["about-All", "about-Board", "about-Oslo"],
    ]);
    // By hand and by rule at once: both go.
    must(await operate("PUT", member("All")), 204);
    must(await operate("DELETE", member("All")), 204);
    expect(namesOf(must(await operate("GET", `${base}/target-users/${ada}`), 200))).toEqual(["Board", "Oslo"]);
  });

  it("is removed with all that hangs on it, once", async () => {
    const { base, ada, groups } = await keep();
    const cursor = await headOf(base);
    must(await operate("DELETE", `${base}/target-users/${ada}`), 204);
    for (const method of ["GET", "DELETE", "PATCH"])
      must(await operate(method, `${base}/target-users/${ada}`, method === "PATCH" ? {} : undefined), 404);
    for (const id of Object.values(groups)) {
      const { items } = must(await operate("GET", `${base}/target-groups/${id}/members`), 200);
      expect(items.map(({ userId }: { userId: string }) => userId)).not.toContain(ada);
    }
    const changes = await changesSince(base, cursor);
    const types = new Set(changes.map(({ type }: { type: string }) => type));
    expect(types).toEqual(new Set(["member.removed", "enrolment.withdrawn", "user.deleted"]));
    const { items } = must(await operate("GET", `${base}/enrolments?status=active`), 200);
    expect(items.filter(({ userId }: { userId: string }) => userId === ada)).toEqual([]);
  });

  it("removed leaves its enrolments to the person's other user, where that one has the item too", async () => {
    const { base, ada, client } = await keep();
    const live = await newSetting(client.companyId, BY_LOC);
    const twin = must(await live.send("POST", "/Users", personOf("ada", "Berlin")), 201).id;
    must(await operate("DELETE", `${base}/target-users/${ada}`), 204);
    const person = must(await operate("GET", `${base}/target-users/${twin}`), 200);
    expect(openOf(person)).toEqual(["about-All", "about-Berlin"]);
  });

  it("keeps a field for as long as it has a value in it or is in a group by it", async () => {
    const { base, ada, groups } = await keep();
    const path = `${base}/target-users/${ada}`;
    const bob = must(await operate("GET", `${base}/target-users?managed=false`), 200).items[1].id;
    must(await operate("DELETE", `${base}/target-users/${bob}`), 204);
    const remove = () => operate("DELETE", `${base}/fields/loc`);
    const refused = must(await remove(), 409);
    expect(refused).toMatchObject({
      code: "in_use",
      detail: expect.stringContaining('1 person kept from the deleted SCIM setting "Directory"'),
    });
    must(await operate("PATCH", path, { fields: { loc: null } }), 200);
    must(await remove(), 409);
    must(await operate("DELETE", `${base}/target-groups/${groups.Berlin}/members/${ada}`), 204);
    must(await remove(), 204);
    expect(must(await operate("GET", path), 200).fields).not.toHaveProperty("loc");
  });
});

describe("a change by hand", () => {
  let kept: Kept;
  beforeAll(async () => {
    kept = await keep();
  });

  it("is refused where the body has an unknown member, or a value is not of its field's type", async () => {
    const { base, ada } = kept;
    const wrong: [unknown, string][] = [
      [{ userName: "x" }, "/userName"],
      [{ active: false }, "/active"],
      [{ status: "away" }, "/status"],
      [{ status: null }, "/status"],
      [{ fields: [] }, "/fields"],
      [{ fields: { email: 7 } }, "/fields/email"],
      [{ fields: { email: ["a"] } }, "/fields/email"],
      [{ fields: { email: "annie" } }, "/fields/email"],
      [{ fields: { email: "annie@" } }, "/fields/email"],
      [{ fields: { badge: "7" } }, "/fields/badge"],
      [{ fields: { remote: "yes" } }, "/fields/remote"],
      [{ fields: { since: "Building 5" } }, "/fields/since"],
      [{ fields: { since: "2026-02-30" } }, "/fields/since"],
      [{ fields: { colour: "red" } }, "/fields/colour"],
      [{ fields: { "a/b~": "red" } }, "/fields/a~1b~0"],
      [{ fields: { userName: "eve" } }, "/fields/userName"],
      [{ fields: { loc: "x\u0000" } }, "/fields/loc"],
      [{ fields: { loc: "x".repeat(4_097) } }, "/fields/loc"],
    ];
    const before = must(await operate("GET", `${base}/target-users/${ada}`), 200);
    for (const [body, pointer] of wrong) {
      const { errors } = must(await operate("PATCH", `${base}/target-users/${ada}`, body), 400);
      expect(errors, JSON.stringify(body).slice(0, 80)).toMatchObject([{ pointer, detail: expect.any(String) }]);
    }
    expect(must(await operate("GET", `${base}/target-users/${ada}`), 200)).toEqual(before);
  });

  it("is refused for people whom a live setting manages, paused or not, and for those that are not here", async () => {
    const client = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
    const base = `/companies/${client.companyId}`;
    const { id } = must(await client.send("POST", "/Users", personOf("ada", "Berlin")), 201);
    const group = must(await operate("GET", `${base}/target-groups`), 200).items[0].id;
    for (const status of ["active", "paused"]) {
      if (status === "paused") must(await operate("POST", `${base}/scim-settings/${client.settingId}/pause`), 200);
      for (const [method, body] of [["PATCH", { status: "inactive" }], ["PATCH", {}], ["DELETE"]] as const) {
        const refused = await operate(method, `${base}/target-users/${id}`, body);
        expect(must(refused, 409)).toMatchObject({ code: "managed", detail: expect.stringContaining('"Directory"') });
        expect(refused.headers.get("content-type")).toBe("application/problem+json");
        must(await operate(method, `${kept.base}/target-users/${id}`, body), 404);
        must(await operate(method, `${base}/target-users/nobody`, body), 404);
      }
    }
    must(await operate("DELETE", `${base}/target-groups/${group}/members/${id}`), 204);
    const person = must(await operate("GET", `${base}/target-users/${id}`), 200);
    expect(person).toMatchObject({ managed: true, settingId: client.settingId, status: "active" });
    expect(namesOf(person)).toEqual(["All"]);
  });
});

describe("a field", () => {
  it("with a reserved key is refused with the reason", async () => {
    const company = must(await operate("POST", "/companies", { name: "Northwind" }), 201);
    for (const key of ["userName", "externalid", "DisplayName", "active", "memberOf", "Email", "groups"]) {
      const { errors } = must(
        await operate("POST", `/companies/${company.id}/fields`, { key, label: "L", type: "text" }),
        400,
      );
      expect(errors).toEqual([{ pointer: "/key", detail: expect.stringContaining(`"${key}" is reserved`) }]);
    }
  });
});
