import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, newSetting, operate, postUsers, type ScimAnswer, type ScimClient } from "./scim-client.ts";

/** What a client asked for and what it was answered, as faults that real clients met; numbers are those of the list of faults. */

const E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CU = "urn:ietf:params:scim:schemas:core:2.0:User";
const CG = "urn:ietf:params:scim:schemas:core:2.0:Group";
const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

type Step = Record<string, unknown>;
const R = (path: string, value: unknown): Step => ({ op: "Replace", path, value });
const A = (path: string, value: unknown): Step => ({ op: "Add", path, value });
const D = (path: string, value?: unknown): Step => ({ op: "Remove", path, ...(value !== undefined && { value }) });
const bare = (op: string, value: unknown): Step => ({ op, value });

interface Scene {
  client: ScimClient;
  id: string;
  patch(...Operations: Step[]): Promise<ScimAnswer>;
  get(): Promise<ScimAnswer["json"]>;
}

/** A user with these attributes; a group with `displayName`. */
async function scene(body: Step, path: "/Users" | "/Groups" = "/Users", setting?: ScimClient): Promise<Scene> {
  const client = setting ?? (await newClient());
  const { id } = must(await client.send("POST", path, body), 201);
  return {
    client,
    id,
    patch: (...Operations) => client.send("PATCH", `${path}/${id}`, { Operations }),
    get: async () => must(await client.send("GET", `${path}/${id}`), 200),
  };
}

async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<[kind: string, path: string][]> {
  const entry = must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200);
  return entry.notes.map(({ kind, path }: { kind: string; path: string }) => [kind, path]);
}

let common: Promise<ScimClient> | undefined;
let people = 0;

/** A user of a setting in which others are, who are no matter to what is asked of this one alone. */
async function amongOthers(body: Step = {}): Promise<Scene> {
  common ??= newClient();
  people += 1;
  return scene({ userName: `ada-${people}`, ...body }, "/Users", await common);
}

/** Applies operations; gives the user's attributes afterwards, and how to ask what was noted. */
async function patched(before: Step, ...operations: Step[]) {
  const { client, patch, get } = await amongOthers(before);
  const answer = await patch(...operations);
  expect(answer.status, answer.text).toBe(200);
  return { user: await get(), notes: () => notesOf(client, answer) };
}

describe("S1: a name with a colon is an extension's only when it begins with urn:", () => {
  const odd = { "id:x": "1", "active:x": "1", "password:value": "p", "userName:foo": "X", "custom:country": { a: 1 } };

  it("in bodies and paths of users", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "p", active: false, ...odd });
    expect(must(made, 201)).toMatchObject({ userName: "p", active: false });
    expect(made.text).not.toMatch(/"(id:x|active:x|password:value|userName:foo|custom:country)"/);
    expect(await notesOf(client, made)).toEqual(
      ["id:x", "active:x", "userName:foo", "custom:country"].map((path) => ["unknown_attribute", path]),
    );
    for (const [path, value] of Object.entries(odd)) {
      const { user } = await patched({}, R(path, value));
      expect(user.userName).toMatch(/^ada-\d+$/);
      expect(user.active).toBe(true);
      expect(JSON.stringify(user)).not.toContain(path);
    }
  });

  it("S1b: in paths that leave the URN out", async () => {
    const { user, notes } = await patched({}, R("enterprise:department", "Legal"), R("User:title", "x"));
    expect(user).not.toHaveProperty("title");
    expect(await notes()).toEqual([
      ["unknown_attribute", "enterprise:department"],
      ["unknown_attribute", "User:title"],
    ]);
  });

  it("in groups and in mappings", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Groups", { displayName: "G", "displayName:x": "H" });
    expect(must(made, 201).displayName).toBe("G");
    expect(await notesOf(client, made)).toEqual([["unknown_attribute", "displayName:x"]]);
    const mapping = { fieldMappings: [{ field: "department", path: "custom:country" }] };
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    expect((await operate("PATCH", at, mapping)).status).toBe(400);
  });
});

const emails = [
  { value: "m", type: "work" },
  { value: "n", type: "home", primary: true },
];

describe("S2: a custom extension is changed as declared attributes are", () => {
  it.each<[string, Step]>([
    ["by path", A(`${X}:tags`, ["c"])],
    ["by path with one value", A(`${X}:tags`, "c")],
    ["by a key", bare("add", { [`${X}:tags`]: ["c"] })],
    ["by an object", bare("add", { [X]: { tags: ["c"] } })],
    ["by the extension's path", A(X, { TAGS: ["c"] })],
    ["by an element that is there already", A(`${X}:tags`, ["a", "c"])],
  ])("a list is appended to: %s", async (_how, step) => {
    expect((await patched({ [X]: { tags: ["a", "b"] } }, step)).user[X]).toEqual({ tags: ["a", "b", "c"] });
  });

  it.each<[Step, unknown]>([
    [R(`${X}:tags`, ["c"]), { tags: ["c"] }],
    [R(`${X}:tags`, "c"), { tags: ["c"] }],
    [D(`${X}:tags`, ["a"]), { tags: ["b"] }],
    [D(`${X}:tags[value eq "a"]`), { tags: ["b"] }],
    [R(`${X}:tags[value eq "a"]`, "z"), { tags: ["z", "b"] }],
    [D(`${X}:tags`), undefined],
  ])("a list is replaced and taken from: %j", async (step, expected) => {
    expect((await patched({ [X]: { tags: ["a", "b"] } }, step)).user[X]).toEqual(expected);
  });

  it.each<[Step, unknown]>([
    [R(X, { badge: "2" }), { site: "Rome", badge: "2" }],
    [bare("replace", { [X]: { badge: "2" } }), { site: "Rome", badge: "2" }],
    [R(X, { BADGE: "2" }), { site: "Rome", badge: "2" }],
    [R(X, { badge: null }), { site: "Rome" }],
    [bare("replace", { [X]: { badge: null } }), { site: "Rome" }],
    [R(X, {}), { site: "Rome", badge: "1" }],
    [bare("replace", { [X]: {} }), { site: "Rome", badge: "1" }],
    [bare("add", { [X]: { floor: { no: 3 } } }), { site: "Rome", badge: "1", floor: { no: 3 } }],
    [D(X), undefined],
    [R(X, null), undefined],
    [D(X, { badge: "1" }), { site: "Rome" }],
  ])("S2b: an object changes only what it names: %j", async (step, expected) => {
    expect((await patched({ [X]: { site: "Rome", badge: "1" } }, step)).user[X]).toEqual(expected);
  });

  it.each<[Step, unknown]>([
    [
      R(`${X}:emails[value eq "m"].primary`, true),
      [
        { ...emails[0], primary: true },
        { ...emails[1], primary: false },
      ],
    ],
    [R(`${X}:emails[type eq "home"].value`, "o"), [emails[0], { ...emails[1], value: "o" }]],
    [A(`${X}:emails[type eq "other"].value`, "o"), [...emails, { type: "other", value: "o" }]],
    [D(`${X}:emails[type eq "home"]`), [emails[0]]],
    [R(`${X}:emails.display`, "D"), emails.map((email) => ({ ...email, display: "D" }))],
    [A(`${X}:emails`, { value: "m", type: "work", display: "D" }), [{ ...emails[0], display: "D" }, emails[1]]],
  ])("S2c: value paths and sub-attributes select elements: %j", async (step, expected) => {
    expect((await patched({ [X]: { emails } }, step)).user[X]).toEqual({ emails: expected });
  });
});

describe("S2: a custom extension beside lists, mappings and filters", () => {
  it("S2c: a part set for all of a list leaves it a list, with one primary", async () => {
    const { user } = await patched({ [X]: { emails } }, R(`${X}:emails.primary`, true));
    expect(user[X].emails.map(({ value }: { value: string }) => value)).toEqual(["m", "n"]);
    expect(user[X].emails.filter(({ primary }: { primary: boolean }) => primary)).toHaveLength(1);
  });

  it("is the same for a mapped attribute, whose person stays in its group", async () => {
    const company = must(await operate("POST", "/companies", { name: "Acme" }), 201).id;
    must(await operate("POST", `/companies/${company}/fields`, { key: "site", label: "Site", type: "text" }), 201);
    const client = await newSetting(company, {
      fieldMappings: [{ field: "site", path: `${X}.site` }],
      groupSettings: { criteria: "field", field: "site" },
    });
    const { id, patch } = await scene({ userName: "ada", [X]: { site: "Rome", badge: "1" } }, "/Users", client);
    for (const step of [R(X, { badge: "2" }), R(X, { badge: null }), R(X, {}), bare("replace", { [X]: { x: [1] } })]) {
      must(await patch(step), 200);
      const person = must(await operate("GET", `/companies/${company}/target-users/${id}`), 200);
      expect([person.fields.site, person.groups.map(({ name }: { name: string }) => name)]).toEqual(["Rome", ["Rome"]]);
    }
  });

  it.each([
    `${X}:site eq "rome"`,
    `${X}:tags eq "a"`,
    `${X}:tags[value eq "b"]`,
    `${X}.emails.type eq "work"`,
    `${X}:floor pr`,
  ])("is filtered by, though nothing is mapped to it: %s", async (filter) => {
    const client = await newClient();
    const extension = { site: "Rome", tags: ["a", "b"], emails: [{ type: "work" }], floor: { no: 1 } };
    must(await client.send("POST", "/Users", { userName: "ada", [X]: extension }), 201);
    must(await client.send("POST", "/Users", { userName: "bo" }), 201);
    const found = must(await client.send("GET", `/Users?filter=${encodeURIComponent(filter)}`), 200);
    expect(found.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(["ada"]);
  });

  it("is filtered by under a URN of any other form that somebody has, and refused under one that nobody has", async () => {
    const client = await newClient();
    must(
      await client.send("POST", "/Users", { userName: "ada", "urn:okta:acme:1.0:user:custom": { site: "Rome" } }),
      201,
    );
    const ask = (urn: string) => client.send("GET", `/Users?filter=${encodeURIComponent(`${urn}:site eq "Rome"`)}`);
    expect(must(await ask("urn:okta:acme:1.0:user:custom"), 200).totalResults).toBe(1);
    expect((await ask("urn:okta:other:1.0:user:custom")).json).toMatchObject({
      status: "400",
      scimType: "invalidFilter",
    });
  });
});

describe("S3: a typed field takes what means one thing, in one spelling", () => {
  it("else it is empty, which is noted with its path and value and wants attention", async () => {
    const company = must(await operate("POST", "/companies", { name: "Acme" }), 201).id;
    for (const [key, type] of [
      ["since", "date"],
      ["level", "number"],
      ["contractor", "boolean"],
    ])
      must(await operate("POST", `/companies/${company}/fields`, { key, label: key, type }), 201);
    const client = await newSetting(company, {
      fieldMappings: ["since", "level", "contractor"].map((field) => ({ field, path: `${X}:${field}` })),
      groupSettings: { criteria: "field", field: "since" },
    });
    const fields = async (id: string) =>
      must(await operate("GET", `/companies/${company}/target-users/${id}`), 200).fields;
    for (const [n, since] of ["2024-12-01", "20241201000000.0Z", "2024-12-01T00:00:00Z", "20241201"].entries())
      must(await client.send("POST", "/Users", { userName: `u${n}`, [X]: { since } }), 201);
    const groups = must(await operate("GET", `/companies/${company}/target-groups`), 200).items;
    expect(groups).toMatchObject([{ name: "2024-12-01", memberCount: 4 }]);
    const odd = { since: "Building 5", level: "7,5", contractor: "yes" };
    const made = await client.send("POST", "/Users", { userName: "odd", [X]: odd });
    expect(await fields(must(made, 201).id)).toMatchObject({ since: null, level: null, contractor: null });
    expect(await notesOf(client, made)).toEqual(
      ["contractor", "level", "since"].map((name) => ["emptied", `${X}:${name}`]),
    );
    // What is not touched is not told again.
    const patch = await client.send("PATCH", `/Users/${made.json.id}`, { Operations: [R("title", "T")] });
    expect(await notesOf(client, patch)).toEqual([]);
  });
});

describe("S4: a dot after a URN is the colon that it should be", () => {
  it.each<[Step, Step]>([
    [R(`${E}.department`, "Legal"), { [E]: { department: "Legal" } }],
    [R(`${CU}.active`, "False"), { active: false }],
    [R(`${CU}.name.givenName`, "Ada"), { name: { givenName: "Ada" } }],
    [R(`${X}.site`, "Rome"), { [X]: { site: "Rome" } }],
    [
      bare("replace", { [`${X}.site`]: "Rome", [`${E}.department`]: "L" }),
      { [X]: { site: "Rome" }, [E]: { department: "L" } },
    ],
  ])("%j", async (step, expected) => {
    expect((await patched({}, step)).user).toMatchObject(expected);
  });

  it("in the body of a POST", async () => {
    const { get } = await amongOthers({ [`${X}.site`]: "Rome", [`${E}.department`]: "Legal" });
    expect(await get()).toMatchObject({ [X]: { site: "Rome" }, [E]: { department: "Legal" } });
  });
});

describe("S5: active cannot be taken away", () => {
  it.each<[string, Step]>([
    ["removed", D("active")],
    ["null", R("active", null)],
    ["blank", R("active", "")],
    ["null without a path", bare("replace", { active: null })],
    ["added as null", A("active", null)],
  ])("by PATCH: %s", async (_how, step) => {
    const client = await newClient();
    for (const active of [true, false]) {
      const { id, patch, get } = await scene({ userName: `ada-${active}`, active }, "/Users", client);
      const answer = await patch(step);
      expect(answer.status).toBe(200);
      expect((await get()).active).toBe(active);
      expect(await notesOf(client, answer)).toEqual([["kept_active", "active"]]);
      const found = await client.send("GET", `/Users?filter=${encodeURIComponent(`active eq ${active}`)}`);
      expect(found.json.Resources.map((user: { id: string }) => user.id)).toEqual([id]);
    }
  });

  it("by PUT with null, noted, and by PUT without it", async () => {
    const { client, id } = await scene({ userName: "ada", active: false });
    const answer = await client.send("PUT", `/Users/${id}`, { userName: "ada", active: null });
    expect(must(answer, 200).active).toBe(false);
    expect(await notesOf(client, answer)).toEqual([["kept_active", "active"]]);
    expect(must(await client.send("PUT", `/Users/${id}`, { userName: "ada", title: "T" }), 200).active).toBe(false);
  });
});

describe("S7: what belongs to another resource type is refused", () => {
  it.each<[string, "/Users" | "/Groups", Step]>([
    ["a path of a group", "/Groups", R(`${CU}:displayName`, "x")],
    ["a path of a user", "/Users", R(`${CG}:displayName`, "x")],
    ["a path with a dot", "/Users", R(`${CG}.displayName`, "x")],
    ["a key of a user", "/Users", bare("replace", { [CG]: { displayName: "x" } })],
    ["a dotted key of a group", "/Groups", bare("replace", { [`${CU}:displayName`]: "x" })],
    ["a value path", "/Users", R(`${CG}:members[value eq "x"]`, "x")],
  ])("%s", async (_what, path, step) => {
    const { client, ...ada } = await amongOthers();
    const { patch, get } = path === "/Users" ? ada : await scene({ displayName: `G ${people}` }, path, client);
    const before = await get();
    expect((await patch(step)).json).toMatchObject({ status: "400", scimType: "invalidPath" });
    expect(await get()).toEqual(before);
  });

  it("in bodies and in mappings", async () => {
    const client = await newClient();
    for (const body of [
      { userName: "ada", [CG]: { displayName: "x" } },
      { userName: "ada", [`${CG}:displayName`]: "x" },
    ])
      expect((await client.send("POST", "/Users", body)).json).toMatchObject({
        status: "400",
        scimType: "invalidPath",
      });
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    const mapping = { fieldMappings: [{ field: "department", path: `${CG}:displayName` }] };
    expect((await operate("PATCH", at, mapping)).status).toBe(400);
  });
});

describe("S8: members that are null or blank", () => {
  async function crew() {
    const client = await newClient();
    const { id: ada } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    const opened = await scene({ displayName: "Crew", members: [{ value: ada }] }, "/Groups", client);
    return {
      ...opened,
      put: (body: Step) => client.send("PUT", `/Groups/${opened.id}`, { displayName: "Crew", ...body }),
    };
  }

  it("null in a body means absent, and is noted; with a path it empties", async () => {
    const { client, put, patch, get } = await crew();
    for (const answer of [await put({ members: null }), await patch(bare("replace", { members: null }))]) {
      expect([200, 204]).toContain(answer.status);
      expect(await notesOf(client, answer)).toEqual([["members_kept", "members"]]);
      expect((await get()).members).toHaveLength(1);
    }
    must(await patch(R("members", null)), 204);
    expect((await get()).members).toEqual([]);
  });

  it("blank text is refused everywhere", async () => {
    const { client, put, patch, get } = await crew();
    for (const answer of [
      await client.send("POST", "/Groups", { displayName: "Other", members: "" }),
      await put({ members: "" }),
      await patch(R("members", "")),
      await patch(A("members", "")),
      await patch(D("members", "")),
      await patch(bare("replace", { members: "" })),
    ])
      expect(answer.json).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect((await get()).members).toHaveLength(1);
  });
});

describe("S9: a value too long to be kept", () => {
  const photo = `data:image/png;base64,${"A".repeat(200_000)}`;

  it("is left out and noted, and the rest is kept, by every verb", async () => {
    const client = await newClient();
    const body = {
      userName: "ada",
      title: "T",
      photos: [{ value: photo, type: "photo" }, { value: "https://x.test/p" }],
    };
    const made = await client.send("POST", "/Users", body);
    const { id } = must(made, 201);
    const put = await client.send("PUT", `/Users/${id}`, body);
    const patch = await client.send("PATCH", `/Users/${id}`, { Operations: [A("photos", [{ value: photo }])] });
    const custom = await client.send("PATCH", `/Users/${id}`, {
      Operations: [R(`${X}:icon`, photo), R("nickName", photo)],
    });
    for (const answer of [made, put, patch, custom])
      expect(answer.json).toMatchObject({ title: "T", photos: [{ value: "https://x.test/p" }] });
    for (const answer of [made, put, patch])
      expect(await notesOf(client, answer)).toEqual([["value_too_long", "photos.value"]]);
    expect(await notesOf(client, custom)).toEqual([
      ["value_too_long", `${X}:icon`],
      ["value_too_long", "nickName"],
    ]);
    expect(custom.json).not.toHaveProperty("nickName");
    expect(custom.json).not.toHaveProperty([X]);
  });

  it("is kept where a field is mapped to it, and at the limit", async () => {
    const client = await newClient({
      fieldMappings: [{ field: "department", path: "title" }],
      groupSettings: { criteria: "none", targetGroupName: "All" },
    });
    const long = "d".repeat(20_000);
    const made = await client.send("POST", "/Users", { userName: "ada", title: long, nickName: "n".repeat(16_384) });
    expect(must(made, 201)).toMatchObject({ title: long, nickName: "n".repeat(16_384) });
    expect(await notesOf(client, made)).toEqual([]);
  });
});

describe("S10: a password is never kept, wherever it stands", () => {
  const bodies: Step[] = [
    { password: "p-1" },
    { "urn:x:1.0:User": { password: "p-1", site: "Rome" } },
    { [X]: { deep: { PassWord: "p-1" }, list: [{ password: "p-1", a: 1 }] } },
    { [`${X}:password`]: "p-1" },
    { [`${CU}:password`]: "p-1" },
    { "password.value": "p-1" },
    { "password:value": "p-1" },
    { name: { password: "p-1", givenName: "Ada" } },
    { emails: [{ value: "a@x.test", password: "p-1" }] },
    { unknown: { password: "p-1" } },
    { [E]: { password: "p-1" } },
  ];

  it.each(bodies)("%j", async (body) => {
    common ??= newClient();
    const client = await common;
    const userName = `ada-${++people}`;
    const made = await client.send("POST", "/Users", { userName, ...body });
    const { id } = must(made, 201);
    const answers = [made, await client.send("PUT", `/Users/${id}`, { userName, ...body })];
    answers.push(
      await client.send("PATCH", `/Users/${id}`, { Operations: [bare("replace", { title: "T", ...body })] }),
    );
    for (const [path, value] of Object.entries(body))
      answers.push(await client.send("PATCH", `/Users/${id}`, { Operations: [R(path, value), R("title", "U")] }));
    const log = await operate("GET", `/companies/${client.companyId}/scim-settings/${client.settingId}/log?limit=10`);
    const entries = await Promise.all(
      answers.map(({ headers }) => operate("GET", `/companies/${client.companyId}/log/${headers.get("x-request-id")}`)),
    );
    for (const { status } of entries) expect(status).toBe(200);
    const read = await client.send("GET", `/Users/${id}`);
    for (const { text } of [...answers, read, log, ...entries]) expect(text).not.toContain("p-1");
  });
});

describe("shapes of values", () => {
  it("S12: the first e-mail is primary where none was said to be", async () => {
    const { get } = await amongOthers({ emails: [{ value: "a@x.test" }, { value: "b@x.test" }] });
    expect((await get()).emails).toEqual([{ value: "a@x.test", primary: true }, { value: "b@x.test" }]);
  });

  it("S13: a PATCH without a path whose object is in an array", async () => {
    expect((await patched({}, bare("replace", [{ title: "T" }]))).user.title).toBe("T");
  });

  it.each<[string, Step]>([
    ["emails that are a boolean", { emails: true }],
    ["e-mails in a list of a list", { emails: [[1]] }],
    ["an e-mail that is a number", { emails: [1] }],
    ["a userName that is a boolean", { userName: true }],
  ])("S17: refuses %s", async (_what, body) => {
    const { client, patch } = await amongOthers();
    expect((await client.send("POST", "/Users", { userName: "bo", ...body })).json).toMatchObject({
      scimType: "invalidValue",
    });
    const [[path = "", value] = []] = Object.entries(body);
    expect((await patch(R(path, value))).json).toMatchObject({ status: "400", scimType: "invalidValue" });
  });

  it("S17: refuses a group's displayName that is a boolean", async () => {
    const { client, patch } = await scene({ displayName: "G" }, "/Groups");
    expect((await client.send("POST", "/Groups", { displayName: true })).status).toBe(400);
    expect((await patch(R("displayName", true))).status).toBe(400);
  });

  it("S17: leaves out a boolean where text is due, and what was there stays", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", {
      userName: "ada",
      userType: true,
      name: { givenName: false, familyName: "L" },
      [E]: { employeeNumber: 7 },
    });
    expect(must(made, 201)).toMatchObject({ name: { familyName: "L" }, [E]: { employeeNumber: "7" } });
    expect(made.json).not.toHaveProperty("userType");
    expect(await notesOf(client, made)).toEqual([
      ["value_left_out", "userType"],
      ["value_left_out", "name.givenName"],
    ]);
    const { user, notes } = await patched(
      { userType: "Employee", name: { givenName: "Ada" } },
      R("userType", true),
      R("name", { givenName: true }),
    );
    expect(user).toMatchObject({ userType: "Employee", name: { givenName: "Ada" } });
    expect((await notes()).map(([, path]) => path)).toEqual(["userType", "name.givenName"]);
  });

  it("K7: leaves out a list that is the text of a boolean", async () => {
    const { user, notes } = await patched({ phoneNumbers: [{ value: "1" }] }, R("phoneNumbers", "true"));
    expect(user.phoneNumbers).toEqual([{ value: "1" }]);
    expect(await notes()).toEqual([["value_left_out", "phoneNumbers"]]);
  });
});

describe("shapes of paths and of what they lead to", () => {
  it("S18: a value path makes no element that its filter only finds", async () => {
    const { patch } = await amongOthers();
    expect((await patch(R('emails[value eq "zz@ex.test"]', { type: "home" }))).json).toMatchObject({
      status: "400",
      scimType: "noTarget",
    });
    expect((await patch(A('emails[display eq "d"].value', "x"))).json).toMatchObject({
      status: "400",
      scimType: "noTarget",
    });
    must(await patch(A('emails[type eq "home" and primary eq true].value', "h@x.test")), 200);
  });

  it("S19: equal elements are kept once", async () => {
    const { get } = await amongOthers({
      emails: [{ value: "a", type: "work" }, { type: "work", value: "a" }, { value: "a" }],
    });
    expect((await get()).emails).toEqual([{ value: "a", type: "work", primary: true }, { value: "a" }]);
  });

  it("S22: a manager is found in any case", async () => {
    const { client } = await scene({ userName: "ada", [E]: { manager: { value: "Mgr-1" } } });
    const found = await client.send("GET", `/Users?filter=${encodeURIComponent('manager.value eq "MGR-1"')}`);
    expect(found.json.totalResults).toBe(1);
  });

  it("S23: a path that no schema has is ignored and noted", async () => {
    const { notes } = await patched({}, R("nonExistentAttr", "x"));
    expect(await notes()).toEqual([["unknown_attribute", "nonExistentAttr"]]);
  });

  it("K3: a PATCH that names nothing changes nothing, noted; a misspelt one is refused", async () => {
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    for (const path of ["/Users", "/Groups"] as const) {
      const { client, id, get } = await scene(path === "/Users" ? { userName: "ada" } : { displayName: "G" }, path);
      const before = await get();
      for (const body of [{ schemas }, { schemas, Operations: [] }]) {
        const answer = await client.send("PATCH", `${path}/${id}`, body);
        expect(answer.status).toBe(path === "/Users" ? 200 : 204);
        expect(await notesOf(client, answer)).toEqual([["nothing_named", "Operations"]]);
      }
      expect((await client.send("PATCH", `${path}/${id}`, { schemas, Operation: [] })).status).toBe(400);
      expect(await get()).toEqual(before);
    }
  });

  it("K4: an empty list of e-mails is answered as one", async () => {
    const { client, id, get } = await scene({ userName: "ada", emails: [] });
    expect((await get()).emails).toEqual([]);
    const put = await client.send("PUT", `/Users/${id}`, { userName: "ada", emails: [] });
    expect(put.json.emails).toEqual([]);
    const found = await client.send("GET", `/Users?filter=${encodeURIComponent("emails pr")}`);
    expect(found.json.totalResults).toBe(0);
  });
});

describe("K8: what clients send and is right", () => {
  async function crew(count: number) {
    const client = await newClient();
    const ids = await postUsers(
      client,
      Array.from({ length: count }, (_, n) => ({ userName: `u${n}` })),
    );
    return { ids, ...(await scene({ displayName: "Crew" }, "/Groups", client)) };
  }
  const membersOf = ({ members }: { members: { value: string }[] }) => members.map(({ value }) => value).sort();

  it("130 operations of one member each in one PATCH", async () => {
    const { ids, patch, get } = await crew(130);
    must(await patch(...ids.map((value) => A("members", [{ value }]))), 204);
    expect(membersOf(await get())).toEqual([...ids].sort());
  });

  it("a walk by cursor of the groups of a member", async () => {
    const { client, id, ids, patch } = await crew(1);
    must(await patch(A("members", [{ value: ids[0] }])), 204);
    const filter = encodeURIComponent(`members.value eq "${ids[0]}"`);
    expect(must(await client.send("GET", `/Groups?cursor&filter=${filter}`), 200).Resources[0].id).toBe(id);
  });

  it("an empty id and meta, and members by a relative $ref", async () => {
    const { client, ids } = await crew(1);
    const body = { id: "", meta: {}, displayName: "Other", members: [{ $ref: `../Users/${ids[0]}` }] };
    expect(membersOf(must(await client.send("POST", "/Groups", body), 201))).toEqual(ids);
  });

  it("a whole user in a PATCH without Operations", async () => {
    const { client, id } = await scene({ userName: "ada" });
    const body = {
      schemas: [CU],
      userName: "ada",
      title: "T",
      emails: [{ value: "a@x.test" }],
      name: { givenName: "A" },
    };
    expect(must(await client.send("PATCH", `/Users/${id}`, body), 200)).toMatchObject({
      title: "T",
      name: { givenName: "A" },
    });
  });

  it("a remove with a filter and a list of values", async () => {
    const { ids, patch, get } = await crew(2);
    const [first = "", second = ""] = ids;
    must(
      await patch(
        A(
          "members",
          ids.map((value) => ({ value })),
        ),
      ),
      204,
    );
    must(await patch(D(`members[value eq "${first}"]`, [{ value: first }])), 204);
    expect(membersOf(await get())).toEqual([second]);
  });

  it("a replace without a path of a whole group", async () => {
    const { ids, id, patch, get } = await crew(1);
    const value = {
      meta: { resourceType: "Group" },
      id,
      schemas: [CG],
      displayName: "Crew 2",
      members: [{ value: ids[0] }],
    };
    must(await patch(bare("replace", value)), 204);
    const group = await get();
    expect([group.displayName, membersOf(group)]).toEqual(["Crew 2", ids]);
  });
});
