import { beforeAll, describe, expect, it } from "vitest";
import { IS_WHOLE } from "../generated-cases.ts";
import { connectGallery, type Document, type Gallery, type GalleryWay, type Person, userOf } from "./gallery-client.ts";

/*
 * The twenty-five checks that Microsoft's public validation template makes of an application before it is listed, each
 * written anew from its description: seven on users and seven on groups as Entra's engine sends them for the mapping of a
 * fresh application, eleven on the endpoints themselves. Each is done with either way of signing in.
 */

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const MANAGER = `${ENTERPRISE}:manager`;
const WAYS: GalleryWay[] = ["client credentials", ...(IS_WHOLE ? ["federation" as const] : [])];

let people = 0;
function newPerson(): Person {
  people += 1;
  return { mailNickname: `person-${people}`, objectId: crypto.randomUUID() };
}

const managerOf = (user: Document): string | undefined => user[ENTERPRISE]?.manager?.value;

describe.each(WAYS)("users, signed in by %s", (way) => {
  let entra: Gallery;
  beforeAll(async () => {
    entra = await connectGallery(way);
  });

  it("1 a user is created, and found by the matching attribute", async () => {
    const person = newPerson();
    expect(await entra.findUser(person)).toBeNull();
    const { id } = await entra.createUser(person);
    expect(await entra.findUser(person)).toMatchObject({ id, ...userOf(person), schemas: expect.any(Array) });
  });

  it("2 mapped attributes are updated, one operation each, and read back", async () => {
    const { id } = await entra.createUser(newPerson());
    await entra.patch(
      `/Users/${id}`,
      { op: "Replace", path: "title", value: "Lead" },
      { op: "Replace", path: `${ENTERPRISE}:department`, value: "Research" },
      { op: "Replace", path: 'addresses[type eq "work"].locality', value: "London" },
      { op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "+44 20 1" },
    );
    const { json: user } = await entra.send("GET", `/Users/${id}`);
    expect(user).toMatchObject({ title: "Lead", [ENTERPRISE]: { department: "Research", employeeNumber: "4711" } });
    expect(user.addresses[0].locality).toBe("London");
    expect(user.phoneNumbers.find(({ type }: Document) => type === "mobile").value).toBe("+44 20 1");
  });

  it("3 a user is disabled by a PATCH of active, and found all the same", async () => {
    const person = newPerson();
    const { id } = await entra.createUser(person);
    await entra.patch(`/Users/${id}`, { op: "Replace", path: "active", value: "False" });
    expect(await entra.findUser(person)).toMatchObject({ id, active: false });
  });

  it("4 a user is deleted for good", async () => {
    const person = newPerson();
    const { id } = await entra.createUser(person);
    expect((await entra.send("DELETE", `/Users/${id}`)).status).toBe(204);
    expect(await entra.findUser(person)).toBeNull();
    expect((await entra.send("GET", `/Users/${id}`)).status).toBe(404);
  });

  it("5 the manager is set, changed and taken away", async () => {
    const [{ id }, first, second] = await Promise.all([1, 2, 3].map(() => entra.createUser(newPerson())));
    const at = `/Users/${id}`;
    for (const manager of [first, second]) {
      await entra.patch(at, { op: "Add", path: MANAGER, value: manager.id });
      expect(managerOf((await entra.send("GET", at)).json)).toBe(manager.id);
    }
    await entra.patch(at, { op: "Remove", path: MANAGER });
    expect(managerOf((await entra.send("GET", at)).json)).toBeUndefined();
  });

  it("6 a user who was unassigned is assigned again: the same one is active once more, or a deleted one comes anew", async () => {
    const person = newPerson();
    const { id } = await entra.createUser(person);
    await entra.patch(`/Users/${id}`, { op: "Replace", path: "active", value: "False" });
    await entra.patch(`/Users/${id}`, { op: "Replace", path: "active", value: "True" });
    expect(await entra.findUser(person)).toMatchObject({ id, active: true });
    expect((await entra.send("DELETE", `/Users/${id}`)).status).toBe(204);
    await entra.createUser(person);
    expect(await entra.findUser(person)).toMatchObject({ active: true, externalId: person.objectId });
  });

  it("7 on demand a user is looked up, made and read at once", async () => {
    const person = newPerson();
    expect(await entra.findUser(person)).toBeNull();
    const made = await entra.createUser(person);
    expect((await entra.send("GET", `/Users/${made.id}`)).json).toEqual(made);
  });
});

describe.each(WAYS)("groups, signed in by %s", (way) => {
  let entra: Gallery;
  beforeAll(async () => {
    entra = await connectGallery(way);
  });
  const membersOf = async (id: string): Promise<string[]> =>
    ((await entra.send("GET", `/Groups/${id}`)).json.members ?? []).map(({ value }: Document) => value);

  it("8 a group is created, and found by its name", async () => {
    expect(await entra.findGroup("Made")).toBeNull();
    const { id } = await entra.createGroup("Made");
    expect(await entra.findGroup("Made")).toMatchObject({ id, displayName: "Made" });
  });

  it("9 a group is renamed", async () => {
    const { id } = await entra.createGroup("Before");
    await entra.patch(`/Groups/${id}`, { op: "Replace", path: "displayName", value: "After" });
    expect(await entra.findGroup("After")).toMatchObject({ id });
    expect(await entra.findGroup("Before")).toBeNull();
  });

  it("10 a group is deleted", async () => {
    const { id } = await entra.createGroup("Deleted");
    expect((await entra.send("DELETE", `/Groups/${id}`)).status).toBe(204);
    expect(await entra.findGroup("Deleted")).toBeNull();
  });

  it("11 members are added, one and several in one PATCH", async () => {
    const users = await Promise.all([1, 2, 3].map(() => entra.createUser(newPerson())));
    const ids: string[] = users.map(({ id }) => id);
    const { id } = await entra.createGroup("Joined");
    await entra.patch(`/Groups/${id}`, { op: "Add", path: "members", value: [{ $ref: null, value: ids[0] }] });
    expect(await membersOf(id)).toEqual([ids[0]]);
    await entra.patch(`/Groups/${id}`, { op: "Add", path: "members", value: ids.slice(1).map((value) => ({ value })) });
    expect((await membersOf(id)).sort()).toEqual([...ids].sort());
  });

  it("12 members are removed, by a list and by a filter in the path", async () => {
    const users = await Promise.all([1, 2, 3].map(() => entra.createUser(newPerson())));
    const [first, second, third] = users.map(({ id }) => id);
    const { id } = await entra.createGroup("Left");
    await entra.patch(`/Groups/${id}`, {
      op: "Add",
      path: "members",
      value: users.map((user) => ({ value: user.id })),
    });
    await entra.patch(`/Groups/${id}`, { op: "Remove", path: "members", value: [{ value: first }] });
    await entra.patch(`/Groups/${id}`, { op: "remove", path: `members[value eq "${second}"]` });
    expect(await membersOf(id)).toEqual([third]);
  });

  it("13 on demand a group is looked up, made and given members at once", async () => {
    const user = await entra.createUser(newPerson());
    expect(await entra.findGroup("On demand")).toBeNull();
    const { id } = await entra.createGroup("On demand");
    await entra.patch(`/Groups/${id}`, { op: "Add", path: "members", value: [{ value: user.id }] });
    expect(await membersOf(id)).toEqual([user.id]);
  });

  it("14 a group that was unassigned comes again under its name and external id", async () => {
    const objectId = crypto.randomUUID();
    const { id } = await entra.createGroup("Again", objectId);
    expect((await entra.send("DELETE", `/Groups/${id}`)).status).toBe(204);
    expect(await entra.findGroup("Again")).toBeNull();
    await entra.createGroup("Again", objectId);
    expect(await entra.findGroup("Again")).toMatchObject({ externalId: objectId });
  });
});

/** What a fresh application maps, as the template spells it. */
const MAPPED = [
  ...["userName", "active", "displayName", "title", 'emails[type eq "work"].value', "preferredLanguage", "externalId"],
  ...["name.givenName", "name.familyName", "name.formatted"],
  ...["formatted", "streetAddress", "locality", "region", "postalCode", "country"].map(
    (part) => `addresses[type eq "work"].${part}`,
  ),
  ...["work", "mobile", "fax"].map((type) => `phoneNumbers[type eq "${type}"].value`),
  ...["employeeNumber", "department", "manager"].map((name) => `${ENTERPRISE}:${name}`),
];

/** The attributes of a schema as one name each: elements of a list by their canonical types, an extension's by its URN. */
function flatten({ id, attributes }: Document): string[] {
  const isExtension = id.includes(":extension:");
  return attributes.flatMap(({ name, type, multiValued, subAttributes = [] }: Document): string[] => {
    if (isExtension) return [`${id}:${name}`];
    if (type !== "complex") return [name];
    const subs: string[] = subAttributes.map((sub: Document) => sub.name);
    if (!multiValued) return subs.map((sub) => `${name}.${sub}`);
    const types = subAttributes.find((sub: Document) => sub.name === "type")?.canonicalValues ?? [];
    return [name, ...types.flatMap((each: string) => subs.map((sub) => `${name}[type eq "${each}"].${sub}`))];
  });
}

describe.each(WAYS)("the endpoints, signed in by %s", (way) => {
  let entra: Gallery;
  beforeAll(async () => {
    entra = await connectGallery(way);
  });

  it("15 /Schemas lists every attribute that is mapped, externalId among them", async () => {
    const { status, json } = await entra.send("GET", "/Schemas");
    expect(status).toBe(200);
    const schemaOf = (end: string) => json.Resources.filter(({ id }: Document) => id.endsWith(end));
    const folded = (schemas: Document[]) => new Set(schemas.flatMap(flatten).map((name) => name.toLowerCase()));
    const ofUsers = folded(schemaOf(":User"));
    expect(MAPPED.filter((name) => !ofUsers.has(name.toLowerCase()))).toEqual([]);
    const ofGroups = folded(schemaOf(":Group"));
    expect(["displayName", "externalId", "members"].filter((name) => !ofGroups.has(name.toLowerCase()))).toEqual([]);
  });

  it.each([
    ["an empty text", ""],
    ["null", null],
  ])("16 attributes are cleared by %s, and stay so", async (_, value) => {
    const { id } = await entra.createUser(newPerson());
    const paths = ["title", "preferredLanguage", "displayName", "name.formatted", `${ENTERPRISE}:department`];
    const elements = ['phoneNumbers[type eq "mobile"].value', 'addresses[type eq "work"].locality'];
    for (let round = 0; round < 2; round += 1) {
      const operations = [...paths, ...elements].map((path) => ({ op: "Replace", path, value }));
      await entra.patch(`/Users/${id}`, ...operations);
      const { json: user } = await entra.send("GET", `/Users/${id}`);
      const left = [user.title, user.preferredLanguage, user.displayName, user.name?.formatted];
      expect([...left, user[ENTERPRISE]?.department].filter((each) => each)).toEqual([]);
      const mobile = user.phoneNumbers?.find(({ type }: Document) => type === "mobile");
      expect([mobile?.value, user.addresses?.[0]?.locality].filter((each) => each)).toEqual([]);
      expect(user.userName).toContain("@contoso.com");
    }
  });

  it("17 a user is made, and answered with an id and its own name", async () => {
    const person = newPerson();
    const made = await entra.createUser(person);
    expect(made.id).toMatch(/./);
    expect(made.userName).toBe(`${person.mailNickname}@contoso.com`);
  });

  it("18 a user is updated by one operation without a path, its keys dotted and URNs", async () => {
    const { id } = await entra.createUser(newPerson());
    const value = {
      ...{ displayName: "New", title: "Chief", "name.givenName": "Novum", preferredLanguage: "fr-FR" },
      [`${ENTERPRISE}:employeeNumber`]: "815",
      [`${ENTERPRISE}:department`]: "Board",
    };
    await entra.patch(`/Users/${id}`, { op: "replace", value });
    expect((await entra.send("GET", `/Users/${id}`)).json).toMatchObject({
      ...{ displayName: "New", title: "Chief", preferredLanguage: "fr-FR", name: { givenName: "Novum" } },
      [ENTERPRISE]: { employeeNumber: "815", department: "Board" },
    });
  });

  it("19 a group is made, and answered with an id and its own name", async () => {
    const made = await entra.createGroup("Nineteen");
    expect([made.id === "", made.displayName]).toEqual([false, "Nineteen"]);
  });

  it("20 a group is updated", async () => {
    const { id } = await entra.createGroup("Twenty");
    const value = { displayName: "Twenty-one", externalId: crypto.randomUUID() };
    await entra.patch(`/Groups/${id}`, { op: "replace", value });
    expect((await entra.send("GET", `/Groups/${id}`)).json).toMatchObject(value);
  });

  it("21 and 22 the token endpoint gives an access token of one to six hours, which both lists take", async () => {
    const { status, accessToken, seconds } = entra.granted;
    expect([status, accessToken === ""]).toEqual([200, false]);
    expect(seconds).toBeGreaterThanOrEqual(3_600);
    expect(seconds).toBeLessThanOrEqual(6 * 3_600);
    // Test Connection: a user and a group that nobody is.
    const nobody = { mailNickname: crypto.randomUUID(), objectId: "" };
    expect([await entra.findUser(nobody), await entra.findGroup(crypto.randomUUID())]).toEqual([null, null]);
  });

  it.each([
    ["23", "/Users"],
    ["24", "/Groups"],
  ])("%s %s is walked page by page", async (_, path) => {
    const create =
      path === "/Users" ? () => entra.createUser(newPerson()) : () => entra.createGroup(crypto.randomUUID());
    await Promise.all(Array.from({ length: 11 }, create));
    const seen = new Set<string>();
    for (const startIndex of [1, 6, 11]) {
      const { status, json } = await entra.send("GET", `${path}?startIndex=${startIndex}&count=5`);
      expect([status, json.startIndex]).toEqual([200, startIndex]);
      for (const { id } of json.Resources) seen.add(id);
    }
    expect(seen.size).toBeGreaterThanOrEqual(11);
  });

  it("25 the manager is set by Add, changed by Replace, and taken away by Replace with nothing", async () => {
    const [{ id }, first, second] = await Promise.all([1, 2, 3].map(() => entra.createUser(newPerson())));
    const steps: [op: string, value: unknown, manager: string | undefined][] = [
      ["Add", first.id, first.id],
      ["Replace", second.id, second.id],
      ["Replace", "", undefined],
      ["Add", [{ $ref: "../Users/x", value: first.id }], first.id],
      ["Replace", { value: "" }, undefined],
    ];
    for (const [op, value, manager] of steps) {
      await entra.patch(`/Users/${id}`, { op, path: MANAGER, value });
      expect(managerOf((await entra.send("GET", `/Users/${id}`)).json), `${op} ${JSON.stringify(value)}`).toBe(manager);
    }
  });
});
