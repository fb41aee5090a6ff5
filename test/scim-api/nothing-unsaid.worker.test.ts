import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { inTurn } from "../generated-cases.ts";
import { EVERY_REQUEST, inflated } from "../log/every-request.ts";
import { must } from "../safety/populated-company.ts";
import { newClient, newSetting, operate, type ScimAnswer, type ScimClient } from "./scim-client.ts";

/** What a request of 2xx said and what became of it: there, or in the notes of its log entry. */

const E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CU = "urn:ietf:params:scim:schemas:core:2.0:User";
const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

type Body = Record<string, unknown>;
interface Told {
  kind: string;
  path: string | null;
  value: string | null;
}

async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<Told[]> {
  return must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200).notes;
}

const paths = (notes: readonly Told[]) => notes.map(({ kind, path }) => [kind, path]);
const unknown = (count: number, name = "odd"): Body =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, "v"]));

let common: Promise<ScimClient> | undefined;
let names = 0;

/** A name that nobody else has. */
function fresh(name: string): string {
  names += 1;
  return `${name}-${names}`;
}

/** A user or group with these attributes, and how it is changed and read; in a setting of many where none is given. */
async function scene(before: Body, path: "/Users" | "/Groups" = "/Users", known?: ScimClient) {
  common ??= newClient();
  const client = known ?? (await common);
  const name = path === "/Users" ? { userName: fresh("ada") } : { displayName: fresh("G") };
  const { id } = must(await client.send("POST", path, { ...name, ...before }), 201);
  return {
    client,
    id,
    patch: (...Operations: Body[]) => client.send("PATCH", `${path}/${id}`, { Operations }),
    put: (body: Body) => client.send("PUT", `${path}/${id}`, { ...name, ...body }),
    get: async () => must(await client.send("GET", `${path}/${id}`), 200),
  };
}

/** A client whose setting reads so many fields of dates from the attributes d0, d1, … of an extension. */
async function datedClient(count: number): Promise<ScimClient> {
  const company = must(await operate("POST", "/companies", { name: "Acme" }), 201).id;
  const keys = Array.from({ length: count }, (_, n) => `d${n}`);
  for (const key of keys)
    must(await operate("POST", `/companies/${company}/fields`, { key, label: key, type: "date" }), 201);
  return newSetting(company, {
    fieldMappings: keys.map((field) => ({ field, path: `${X}:${field}` })),
    groupSettings: { criteria: "none", targetGroupName: "All" },
  });
}

async function listed({ settingId }: ScimClient, kind: string): Promise<unknown[]> {
  const sql = `SELECT path FROM sent_not_used WHERE kind = ? AND
    setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)`;
  return (await env.DB.prepare(sql).bind(kind, settingId).all()).results.map(({ path }) => path);
}

describe("notes that want an admin", () => {
  it.each(["POST", "PATCH", "Bulk"])("are kept however many others there are: %s", async (how) => {
    const client = await datedClient(1);
    const odd = { ...unknown(40), [X]: { d0: "Building 5" } };
    const send = async () => {
      if (how === "POST") return client.send("POST", "/Users", { userName: "ada", ...odd });
      if (how === "Bulk") {
        const item = (n: number, data: Body) => ({ method: "POST", path: "/Users", bulkId: `b${n}`, data });
        const Operations = [
          ...Array.from({ length: 10 }, (_, n) => item(n, { userName: `u${n}`, ...unknown(10) })),
          item(10, { userName: "ada", ...odd }),
        ];
        return client.send("POST", "/Bulk", { Operations });
      }
      const { id } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
      const each = Object.entries(odd).map(([path, value]) => ({ op: "add", path, value }));
      return client.send("PATCH", `/Users/${id}`, { Operations: each });
    };
    const notes = await notesOf(client, await send());
    expect(notes.filter(({ kind }) => kind === "emptied").map(({ path }) => path)).toEqual([
      how === "Bulk" ? `Operations[10].data.${X}:d0` : `${X}:d0`,
    ]);
    expect(await listed(client, "emptied")).toEqual([`${X}:d0`]);
  });

  it("are all kept where they are several dozen", async () => {
    const client = await datedClient(45);
    const dates = Object.fromEntries(Array.from({ length: 45 }, (_, n) => [`d${n}`, "Building 5"]));
    const made = await client.send("POST", "/Users", { userName: "ada", ...unknown(30), [X]: dates });
    const notes = await notesOf(client, made);
    expect(notes.filter(({ kind }) => kind === "emptied")).toHaveLength(45);
    expect(notes.at(-1)).toEqual({ kind: "more", path: null, value: "30" });
    expect(await listed(client, "emptied")).toHaveLength(45);
  });
});

describe("what the notes of a request leave out", () => {
  const more = (value: string) => ({ kind: "more", path: null, value });

  it("is counted once for each, by POST, PUT, PATCH and Bulk", async () => {
    const { client, id, put, patch } = await scene({});
    const each = Object.keys(unknown(50)).map((path) => ({ op: "add", path, value: "v" }));
    const item = (n: number) => ({
      method: "PUT",
      path: `/Users/${id}`,
      data: { userName: fresh("ada"), ...unknown(25, `p${n}`) },
    });
    const answers = [
      await client.send("POST", "/Users", { userName: fresh("bo"), ...unknown(50) }),
      await put(unknown(50)),
      await patch(...each),
      await patch(...each, ...each),
      await patch({ op: "replace", value: unknown(50) }),
      await put({ emails: Array.from({ length: 20 }, (_, n) => ({ value: `${n}@x.test`, ...unknown(50) })) }),
    ];
    for (const answer of answers) {
      const notes = await notesOf(client, answer);
      expect(notes).toHaveLength(20);
      expect(notes.at(-1)).toEqual(more("31"));
    }
    const bulk = await client.send("POST", "/Bulk", { Operations: [0, 1, 2, 3].map(item) });
    expect((await notesOf(client, bulk)).at(-1)).toEqual(more("81"));
  });

  it("is nothing where twenty are all", async () => {
    const { client, put } = await scene({});
    const notes = await notesOf(client, await put(unknown(20)));
    expect(notes).toHaveLength(20);
    expect(notes.map(({ kind }) => kind)).not.toContain("more");
  });
});

describe("a key that begins with urn:", () => {
  const values: unknown[] = ["v", ["a"], { value: "v" }, { a: "1" }];
  /** What stands there for all keys of a form. */
  const more: Record<string, unknown[]> = { "urn:x": [5, true], "urn:x:y": [5, true] };

  it.each(["urn:x", "URN:Y", "urn:", "urn::x", "urn:x:", "urn:x::y", "urn:x:y", "urn:x.y", "urn"])(
    "%s comes back as it was sent, or is noted, or refused, by every verb",
    async (key) => {
      for (const [nth, value] of [...values, ...(more[key] ?? [])].entries()) {
        const { client, patch, put, get } = await scene({});
        const send = {
          POST: () => client.send("POST", "/Users", { userName: fresh("bo"), [key]: value }),
          PUT: () => put({ [key]: value }),
          path: () => patch({ op: "add", path: key, value }),
          object: () => patch({ op: "replace", value: { [key]: value } }),
          Bulk: () =>
            client.send("POST", "/Bulk", {
              Operations: [
                { method: "POST", path: "/Users", bulkId: "b", data: { userName: fresh("cy"), [key]: value } },
              ],
            }),
        };
        for (const [how, answer] of inTurn(Object.entries(send), nth)) {
          const done = await answer();
          const isRefused = done.status === 400 || done.json.Operations?.[0].status === "400";
          if (isRefused) continue;
          expect(done.status, `${how} ${key}`).toBeLessThan(300);
          const made =
            how === "Bulk"
              ? must(await client.send("GET", `/Users/${done.json.Operations[0].location.split("/").at(-1)}`), 200)
              : done.json;
          const isNoted = (await notesOf(client, done)).some(
            ({ path }) => path === key || path === `Operations[0].data.${key}`,
          );
          const splits = key.lastIndexOf(":");
          const isHeld =
            made[key] !== undefined ||
            (key === "urn:x:y" && made[key.slice(0, splits)]?.[key.slice(splits + 1)] !== undefined);
          expect([how, key, value, isNoted !== isHeld]).toEqual([how, key, value, true]);
          // What was answered, put again, is what is there.
          if (how !== "PUT") continue;
          const { id, meta, groups, ...attributes } = await get();
          expect(must(await put(attributes), 200)).toMatchObject(attributes);
        }
      }
    },
  );

  it("of one part is an extension for paths, filters and projections too", async () => {
    const { client, patch, get } = await scene({ "urn:x": { site: "Rome", level: 2 } }, "/Users", await newClient());
    must(await patch({ op: "replace", path: "urn:x:site", value: "Bonn" }), 200);
    must(await patch({ op: "replace", path: "URN:X", value: { floor: "3" } }), 200);
    expect((await get())["urn:x"]).toEqual({ site: "Bonn", level: 2, floor: "3" });
    const ask = (query: string) => client.send("GET", `/Users?${query}`);
    expect(must(await ask(`filter=${encodeURIComponent('urn:x:site eq "bonn"')}`), 200).totalResults).toBe(1);
    expect((await ask(`filter=${encodeURIComponent('urn:x eq "bonn"')}`)).json.scimType).toBe("invalidFilter");
    expect(must(await ask("attributes=urn:x"), 200).Resources[0]["urn:x"]).toEqual({
      site: "Bonn",
      level: 2,
      floor: "3",
    });
    expect(must(await ask("attributes=urn:x:floor"), 200).Resources[0]["urn:x"]).toEqual({ floor: "3" });
    expect(must(await ask("excludedAttributes=urn:x"), 200).Resources[0]).not.toHaveProperty("urn:x");
    must(await patch({ op: "remove", path: "urn:x" }), 200);
    expect(await get()).not.toHaveProperty("urn:x");
  });

  it("is no path to map a field to where no attribute follows", async () => {
    const client = await newClient();
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    for (const path of ["urn:x", "urn::x", "urn:x:"])
      expect((await operate("PATCH", at, { fieldMappings: [{ field: "department", path }] })).status).toBe(400);
  });

  it("that ends as a password does is never kept, whatever stands there", async () => {
    const { client, patch, get } = await scene(
      { "urn:password": { value: "p-never", a: "p-never" } },
      "/Users",
      await newClient(),
    );
    for (const key of ["urn:password", "urn:a:password", "urn:a:b:Password"])
      for (const value of ["p-never", { value: "p-never" }, { a: "p-never" }, ["p-never"]]) {
        await client.send("POST", "/Users", { userName: "x", [key]: value });
        await patch({ op: "add", path: key, value });
        await patch({ op: "add", value: { [key]: value } });
      }
    expect(JSON.stringify(await get())).not.toContain("p-never");
    expect((await client.send("GET", "/Users")).text).not.toContain("p-never");
    const { results } = await env.DB.prepare(`SELECT bodies, notes FROM ${EVERY_REQUEST}`).all();
    expect(JSON.stringify(results.map(inflated))).not.toContain("p-never");
  });
});

describe("the URN of a schema of users, on a group", () => {
  it.each([E, CU, E.toLowerCase(), "urn:scim:schemas:extension:enterprise:1.0", `${E.slice(0, -5)}User`])(
    "%s is refused wherever it stands",
    async (urn) => {
      const { client, patch, put, get } = await scene({}, "/Groups");
      const before = await get();
      const answers = [
        await client.send("POST", "/Groups", { displayName: "H", [urn]: { department: "L" } }),
        await client.send("POST", "/Groups", { displayName: "H", [`${urn}:department`]: "L" }),
        await put({ [urn]: { department: "L" } }),
        await put({ [`${urn}.department`]: "L" }),
        await patch({ op: "add", path: `${urn}:department`, value: "L" }),
        await patch({ op: "add", path: urn, value: { department: "L" } }),
        await patch({ op: "add", path: `${urn}:manager[value eq "1"]`, value: { value: "2" } }),
        await patch({ op: "remove", path: urn }),
        await patch({ op: "replace", value: { [urn]: { department: "L" } } }),
        await patch({ op: "replace", value: { [`${urn}:department`]: "L" } }),
      ];
      for (const { json } of answers) expect(json).toMatchObject({ status: "400", scimType: "invalidPath" });
      expect(await get()).toEqual(before);
      const filter = encodeURIComponent(`${urn}:department eq "L"`);
      expect((await client.send("GET", `/Groups?filter=${filter}`)).json).toMatchObject({ scimType: "invalidFilter" });
      const item = {
        method: "PUT",
        path: `/Groups/${before.id}`,
        data: { displayName: before.displayName, [urn]: { department: "L" } },
      };
      const bulk = must(await client.send("POST", "/Bulk", { Operations: [item] }), 200).Operations[0];
      expect(bulk.response).toMatchObject({ status: "400", scimType: "invalidPath" });
    },
  );

  it("is no matter in its list of schemas", async () => {
    const { put } = await scene({}, "/Groups");
    must(await put({ schemas: [E, CU] }), 200);
  });
});

describe("two primaries in one list", () => {
  const [a, b, c] = ["a", "b", "c"].map((value) => ({ value: `${value}@x.test`, type: value, primary: true }));

  it("are one, the first that is named, and that is noted, by every verb", async () => {
    const { client, patch, put } = await scene({ emails: [c] });
    const answers = [
      await client.send("POST", "/Users", { userName: fresh("bo"), emails: [a, b] }),
      await put({ emails: [a, b] }),
      await patch({ op: "replace", path: "emails", value: [a, b] }),
      await patch({ op: "replace", value: { emails: [a, b] } }),
      await patch({ op: "remove", path: "emails" }, { op: "add", path: "emails", value: [a, b] }),
    ];
    for (const answer of answers) {
      expect(answer.json.emails).toEqual([a, { ...b, primary: false }]);
      const notes = await notesOf(client, answer);
      expect(notes).toEqual([{ kind: "primary_twice", path: "emails", value: "b@x.test" }]);
    }
    const all = await patch({ op: "replace", path: "emails.primary", value: true });
    expect(all.json.emails).toEqual([a, { ...b, primary: false }]);
    expect(paths(await notesOf(client, all))).toEqual([["primary_twice", "emails"]]);
  });

  it("that are equal but for that are one value", async () => {
    const { put } = await scene({});
    const answer = await put({ emails: [a, b, { ...b, primary: false }] });
    expect(must(answer, 200).emails).toEqual([a, { ...b, primary: false }]);
  });

  it("that one request sets after another take it off those before, with no word", async () => {
    const { client, patch } = await scene({ emails: [a], phoneNumbers: [a] });
    for (const list of ["emails", "phoneNumbers"]) {
      const answer = await patch({ op: "add", path: list, value: [b] }, { op: "add", path: list, value: c });
      expect(answer.json[list]).toEqual([{ ...a, primary: false }, { ...b, primary: false }, c]);
      expect(await notesOf(client, answer)).toEqual([]);
    }
  });
});

describe("an element of a list that is neither a text nor an object", () => {
  const plain = ["phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates"];

  it.each(plain)("costs no person: a number is read as its text, a boolean left out and noted, in %s", async (list) => {
    const { client, patch, put } = await scene({});
    const value = [5, true, { value: "x" }];
    const answers = [
      await client.send("POST", "/Users", { userName: fresh("bo"), [list]: value }),
      await put({ [list]: value }),
      await patch({ op: "replace", path: list, value }),
      await patch({ op: "replace", value: { [list]: value } }),
      await client.send("POST", "/Users", { userName: fresh("cy"), [list]: [false, 5, { value: "x" }] }),
    ];
    for (const answer of answers) {
      expect(answer.status, answer.text).toBeLessThan(300);
      expect(answer.json[list]).toEqual([{ value: "5" }, { value: "x" }]);
      // Of two phone numbers a mapped field takes one.
      const notes = paths(await notesOf(client, answer)).filter(([kind]) => kind !== "one_of_several");
      expect(notes).toEqual([["value_left_out", list]]);
    }
  });

  it("is left out of addresses and noted", async () => {
    const { client, put } = await scene({});
    const answer = await put({ addresses: [5, true, { locality: "Rome" }] });
    expect(must(answer, 200).addresses).toEqual([{ locality: "Rome" }]);
    expect(await notesOf(client, answer)).toEqual([
      { kind: "value_left_out", path: "addresses", value: "5" },
      { kind: "value_left_out", path: "addresses", value: "true" },
    ]);
  });

  it("is refused in emails, which say who a person is", async () => {
    const { put } = await scene({});
    for (const value of [5, true]) expect((await put({ emails: [value] })).json.scimType).toBe("invalidValue");
  });
});

describe("a member of another type", () => {
  it("is noted: only users and groups are members", async () => {
    const { client, patch, put } = await scene({}, "/Groups");
    const { id } = must(await client.send("POST", "/Users", { userName: fresh("ada") }), 201);
    const value = [{ value: id, type: "Device" }];
    const answers = [
      await put({ members: value }),
      await patch({ op: "add", path: "members", value }),
      await client.send("POST", "/Groups", { displayName: fresh("H"), members: value }),
    ];
    for (const answer of answers)
      expect(await notesOf(client, answer)).toEqual([{ kind: "value_left_out", path: "members.type", value: null }]);
  });
});

describe("a remove", () => {
  const before = {
    title: "T",
    name: { givenName: "Ada", familyName: "L" },
    emails: [{ value: "a@x.test", type: "work", primary: true }],
    [E]: { department: "Legal", manager: { value: "m" } },
    [X]: { site: "Rome", tags: ["a"] },
  };

  it.each<[path: string, equal: unknown, other: unknown]>([
    ["title", "T", "S"],
    ["name", { givenName: "Ada" }, { givenName: "Bo" }],
    ["name.givenName", "Ada", "Bo"],
    [`${E}:manager`, "m", "n"],
    [`${E}:manager`, { value: "m" }, { value: "n" }],
    ['emails[type eq "work"].type', "work", "home"],
  ])(
    "of what is single takes it whatever is sent with it, and says so where that is another: %s %j %j",
    async (path, equal, other) => {
      for (const [value, isNoted] of [
        [equal, false],
        [other, true],
      ] as const) {
        const { client, patch, get } = await scene(before);
        const answer = await patch({ op: "remove", path, value });
        must(answer, 200);
        expect(await get()).not.toMatchObject(before);
        expect(paths(await notesOf(client, answer))).toEqual(isNoted ? [["value_ignored", path]] : []);
      }
    },
  );

  it.each<[path: string, value?: unknown]>([
    ["nickName"],
    ["name.middleName"],
    ["photos"],
    ['emails[type eq "home"]'],
    ['emails[type eq "home"].value'],
    ["emails", [{ value: "zz@x.test" }]],
    [`${E}:division`],
    [`${X}:floor`],
    [`${X}:tags`, ["z"]],
    [`${X}:tags[value eq "z"]`],
    ["urn:ietf:params:scim:schemas:extension:none:2.0:User"],
  ])("of what is not there ends well, and says so: %s %j", async (path, value) => {
    const { client, patch, get } = await scene(before);
    const was = await get();
    const answer = await patch({ op: "remove", path, ...(value !== undefined && { value }) });
    must(answer, 200);
    expect(await get()).toMatchObject({ ...before, emails: was.emails });
    expect(paths(await notesOf(client, answer))).toEqual([["nothing_removed", path]]);
  });

  it("of members none of whom is in the group says so, and of some who are does not", async () => {
    const client = await newClient();
    const [ada, bo] = [
      must(await client.send("POST", "/Users", { userName: "ada" }), 201).id,
      must(await client.send("POST", "/Users", { userName: "bo" }), 201).id,
    ];
    const { id } = must(await client.send("POST", "/Groups", { displayName: "G", members: [{ value: ada }] }), 201);
    const patch = (operation: Body) => client.send("PATCH", `/Groups/${id}`, { Operations: [operation] });
    const none = [
      await patch({ op: "remove", path: `members[value eq "${bo}"]` }),
      await patch({ op: "remove", path: "members", value: [{ value: bo }] }),
    ];
    for (const answer of none) expect(paths(await notesOf(client, answer))).toEqual([["nothing_removed", "members"]]);
    const some = await patch({ op: "remove", path: "members", value: [{ value: bo }, { value: ada }] });
    expect(await notesOf(client, some)).toEqual([]);
  });
});

describe("custom extensions follow the rules of lists and of removes", () => {
  const Y = "urn:ietf:params:scim:schemas:extension:site:1.0:User";

  it("keeps equal elements once and one primary, which is noted, by every verb", async () => {
    const [a, b] = [
      { value: "a", primary: true },
      { value: "b", primary: true },
    ];
    const { client, put, patch } = await scene({});
    const answers = [
      await client.send("POST", "/Users", { userName: fresh("bo"), [Y]: { list: [a, b, a] } }),
      await put({ [Y]: { list: [a, b, a] } }),
      await put({ [`${Y}:list`]: [a, b, a] }),
      await patch({ op: "replace", path: `${Y}:list`, value: [a, b, a] }),
    ];
    for (const answer of answers) {
      expect(answer.json[Y]).toEqual({ list: [a, { ...b, primary: false }] });
      expect(paths(await notesOf(client, answer))).toEqual([["primary_twice", `${Y}:list`]]);
    }
  });

  it("takes 1,000 values at most", async () => {
    const texts = (count: number, name = "v") => Array.from({ length: count }, (_, n) => `${name}${n}`);
    const { put, patch } = await scene({});
    expect((await put({ [Y]: { list: texts(1001) } })).json.detail).toContain("at most 1000 values");
    must(await put({ [Y]: { list: texts(1000) }, roles: texts(1000) }), 200);
    for (const path of [`${Y}:list`, "roles"])
      expect((await patch({ op: "add", path, value: ["w"] })).json.detail).toContain("at most 1000 values");
    expect((await patch({ op: "replace", path: `${Y}:list`, value: texts(1001) })).status).toBe(400);
  });

  it("removes what is single whatever value is sent with it, and notes that", async () => {
    for (const path of ["title", `${Y}:s`, `${X}:s`]) {
      const { client, patch, get } = await scene({ title: "T", [Y]: { s: "T" }, [X]: { s: "T" } });
      for (const value of ["other", ["other"]]) {
        const answer = await patch({ op: "remove", path, value });
        const kind = value === "other" ? "value_ignored" : "nothing_removed";
        expect(paths(await notesOf(client, answer))).toEqual([[kind, path]]);
      }
      const { title, [Y]: y, [X]: x } = await get();
      expect([title, y, x].filter((each) => each === undefined)).toHaveLength(1);
    }
  });
});

describe("members", () => {
  it("named beside a filter that removes other ones are noted", async () => {
    const { client, id, patch } = await scene({}, "/Groups");
    const ada = must(await client.send("POST", "/Users", { userName: fresh("ada") }), 201).id;
    must(
      await client.send("PATCH", `/Groups/${id}`, { Operations: [{ op: "add", path: "members", value: [ada] }] }),
      204,
    );
    const answer = await patch({ op: "remove", path: `members[value eq "${ada}"]`, value: [{ value: "bo" }] });
    expect(paths(await notesOf(client, answer))).toEqual([["value_ignored", "members"]]);
    must(await patch({ op: "add", path: "members", value: [ada] }), 204);
    const same = await patch({ op: "remove", path: `members[value eq "${ada}"]`, value: [{ value: ada }] });
    expect(await notesOf(client, same)).toEqual([]);
  });

  it("are what their ids are: another type is noted", async () => {
    const { client, id, patch, get } = await scene({}, "/Groups");
    const user = must(await client.send("POST", "/Users", { userName: fresh("ada") }), 201).id;
    const group = must(await client.send("POST", "/Groups", { displayName: fresh("Sub") }), 201).id;
    const members = [
      { value: user, type: "Group" },
      { value: group, type: "User" },
    ];
    for (const answer of [
      await patch({ op: "add", path: "members", value: members }),
      await client.send("PUT", `/Groups/${id}`, { displayName: fresh("G"), members }),
      await client.send("POST", "/Groups", { displayName: fresh("H"), members }),
    ]) {
      expect(answer.status).toBeLessThan(300);
      expect(paths(await notesOf(client, answer))).toEqual([["value_left_out", "members.type"]]);
    }
    const held = (await get()).members.map(({ value, type }: { value: string; type: string }) => [value, type]);
    expect(Object.fromEntries(held)).toEqual({ [user]: "User", [group]: "Group" });
  });
});

describe("the name of what was sent", () => {
  it("is that in the refusal of a value that is given twice", async () => {
    const { put } = await scene({});
    const { json } = await put({ [X]: { site: "Rome" }, [`${X}:site`]: "Bonn" });
    expect(json.detail).toContain(`${X}:site is given more than once`);
    const twice = await put({ [X]: { site: "Rome" }, [`${X}:site.value`]: "Bonn" });
    expect(twice.json.detail).toContain(`${X}:site`);
  });

  it("is that of an older name of a part, too", async () => {
    const { client, put } = await scene({});
    const answer = await put({ [E]: { manager: { managerId: true } } });
    expect(paths(await notesOf(client, answer))).toEqual([["value_left_out", `${E}:manager.managerId`]]);
  });
});

it("an attribute beside Operations is noted as what it is: known, and not read there", async () => {
  const { client, id } = await scene({});
  const answer = await client.send("PATCH", `/Users/${id}`, {
    ...{ Operations: [{ op: "replace", value: { nickName: "A" } }], title: "T", shoeSize: 44, id, meta: {} },
    ...{ [E]: { department: "L" }, name: { givenName: "A" } },
  });
  expect(must(answer, 200)).not.toHaveProperty("title");
  expect(paths(await notesOf(client, answer))).toEqual([
    ["beside_operations", "title"],
    ["unknown_attribute", "shoeSize"],
    ["beside_operations", E],
    ["beside_operations", "name"],
  ]);
});

describe("a field that is mapped to what holds several values", () => {
  it("takes one, and that is noted where no primary says which, once", async () => {
    const company = must(await operate("POST", "/companies", { name: "Acme" }), 201).id;
    must(await operate("POST", `/companies/${company}/fields`, { key: "site", label: "Site", type: "text" }), 201);
    const client = await newSetting(company, {
      fieldMappings: [{ field: "site", path: `${X}:site` }],
      groupSettings: { criteria: "none", targetGroupName: "All" },
    });
    const emails = [{ value: "a@x.test" }, { value: "b@x.test", primary: true }];
    const made = await client.send("POST", "/Users", { userName: "ada", emails, [X]: { site: ["Rome", "Bonn"] } });
    const { id } = must(made, 201);
    const person = must(await operate("GET", `/companies/${company}/target-users/${id}`), 200);
    expect(person.fields).toMatchObject({ site: "Rome", email: "b@x.test" });
    expect(await notesOf(client, made)).toEqual([{ kind: "one_of_several", path: `${X}:site`, value: "Rome" }]);
    const patch = (operation: Body) => client.send("PATCH", `/Users/${id}`, { Operations: [operation] });
    expect(await notesOf(client, await patch({ op: "add", path: "title", value: "T" }))).toEqual([]);
    const more = await patch({ op: "add", path: `${X}:site`, value: "Oslo" });
    expect(paths(await notesOf(client, more))).toEqual([["one_of_several", `${X}:site`]]);
    const one = await patch({ op: "replace", path: `${X}:site`, value: ["Rome", { value: "Rome" }] });
    expect(await notesOf(client, one)).toEqual([]);
  });
});
