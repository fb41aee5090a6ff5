import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { errorOf, newClient, type ScimAnswer } from "./scim-client.ts";

/** `attributes` and `excludedAttributes` say the same at every door (RFC 7644 sections 3.9 and 3.10). */

const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const EMAILS = [
  { value: "ada@ex.test", type: "work", primary: true },
  { value: "b@ex.test", type: "home" },
];

/** Every request that is answered with a user, asked for some attributes; `name` is taken by nobody. */
async function scene() {
  const client = await newClient();
  const user = { userName: "ada", emails: EMAILS, [X]: { desks: [{ no: 1, at: "x" }, { no: 2 }] } };
  const { id } = must(await client.send("POST", "/Users", user), 201);
  let made = 0;
  const query = (asked: Record<string, string>) => new URLSearchParams(asked).toString();
  const doors: Record<string, (asked: Record<string, string>) => Promise<ScimAnswer>> = {
    GET: (asked) => client.send("GET", `/Users/${id}?${query(asked)}`),
    list: (asked) => client.send("GET", `/Users?${query({ ...asked, filter: 'userName eq "ada"' })}`),
    root: (asked) => client.send("GET", `/?${query({ ...asked, filter: 'userName eq "ada"' })}`),
    search: (asked) => {
      const lists = Object.entries(asked).map(([name, text]) => [name, [text]]);
      return client.send("POST", "/Users/.search", { ...Object.fromEntries(lists), filter: 'userName eq "ada"' });
    },
    POST: (asked) => client.send("POST", `/Users?${query(asked)}`, { ...user, userName: `new${++made}` }),
    PUT: (asked) => client.send("PUT", `/Users/${id}?${query(asked)}`, { ...user, title: "put" }),
    PATCH: (asked) =>
      client.send("PATCH", `/Users/${id}?${query(asked)}`, {
        Operations: [{ op: "replace", path: "title", value: "patched" }],
      }),
  };
  return { client, id, doors, shown: ({ json }: ScimAnswer) => json.Resources?.[0] ?? json };
}

describe("a value filter in attributes", () => {
  it("chooses among the elements, at every door", async () => {
    const { doors, shown } = await scene();
    for (const [door, ask] of Object.entries(doors)) {
      const work = shown(await ask({ attributes: 'emails[type eq "work"].value' }));
      expect([door, Object.keys(work).sort(), work.emails]).toEqual([
        door,
        ["emails", "id", "schemas"],
        [{ value: "ada@ex.test" }],
      ]);
      const desk = shown(await ask({ attributes: `${X}:desks[no eq 1].at` }));
      expect([door, desk[X]]).toEqual([door, { desks: [{ at: "x" }] }]);
      const rest = shown(await ask({ excludedAttributes: 'emails[type eq "work"]' }));
      expect([door, rest.emails]).toEqual([door, [EMAILS[1]]]);
    }
  });

  it("that cannot be read refuses the request, which has changed nothing then", async () => {
    const { client, id, doors } = await scene();
    for (const [door, ask] of Object.entries(doors))
      for (const name of ["attributes", "excludedAttributes"]) {
        const refused = errorOf(await ask({ [name]: 'emails[type is "work"]' }));
        expect([door, refused]).toEqual([door, { ...refused, status: "400", scimType: "invalidValue" }]);
        expect(refused.detail).toMatch(/^attributes and excludedAttributes: .*is not an operator/);
      }
    expect(must(await client.send("GET", "/Users"), 200).totalResults).toBe(1);
    const { title, meta } = must(await client.send("GET", `/Users/${id}`), 200);
    expect({ title, version: meta.version }).toEqual({ version: 'W/"1"' });
  });

  it("refuses the PATCH of a group whose answer would be empty, too", async () => {
    const { client } = await scene();
    const { id } = must(await client.send("POST", "/Groups", { displayName: "G" }), 201);
    const body = { Operations: [{ op: "replace", path: "externalId", value: "x" }] };
    const refused = await client.send("PATCH", `/Groups/${id}?excludedAttributes=members%5B`, body);
    expect(errorOf(refused).scimType).toBe("invalidValue");
    expect(must(await client.send("GET", `/Groups/${id}`), 200)).not.toHaveProperty("externalId");
  });

  it("chooses members of a group", async () => {
    const { client, id } = await scene();
    const { id: other } = must(await client.send("POST", "/Users", { userName: "bo" }), 201);
    const members = [{ value: id }, { value: other }];
    const group = must(await client.send("POST", "/Groups", { displayName: "G", members }), 201);
    const asked = new URLSearchParams({ attributes: `members[value eq "${other}"].value` });
    expect(must(await client.send("GET", `/Groups/${group.id}?${asked}`), 200).members).toEqual([{ value: other }]);
  });
});

describe("attributes given more than once", () => {
  it("are joined, at every door", async () => {
    const { client, id } = await scene();
    const query = "attributes=userName&Attributes=active";
    const own = must(await client.send("GET", `/Users/${id}?${query}`), 200);
    const [listed] = must(await client.send("GET", `/Users?${query}`), 200).Resources;
    expect(own).toMatchObject({ userName: "ada", active: true });
    expect(own).toEqual(listed);
  });
});
