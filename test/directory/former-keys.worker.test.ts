import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listPeople } from "../../src/directory/people-list-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { NOTHING } from "../../src/platform/read-batch.ts";
import { freeReads } from "../companies/free-reads.ts";
import { newClient, operate, type ScimClient } from "../scim-api/scim-client.ts";
import { finishFollowUps, newWriter } from "../writer/bench.ts";
import { hookD1 } from "../writer/hooked-d1.ts";
import { age } from "../writer/old-company.ts";

/** Filters and what they find, by the rules of before and of today alike, whatever is brought along already. */
const FOUND: Record<string, Record<string, string[]>> = {
  Users: {
    'userName eq "Straße"': ["Straße"],
    'userName eq "straße"': ["Straße"],
    'userName eq "ΝΙΚΟΣ"': ["ΝΙΚΟΣ"],
    'userName eq "Νικος"': ["ΝΙΚΟΣ"],
    'userName sw "Νικος" and active eq true': ["ΝΙΚΟΣ"],
    'emails.value eq "Straße@x.test"': ["Straße"],
    'emails[type eq "work"].value eq "straße@X.test"': ["Straße"],
    'name.familyName eq "Weiß"': ["Straße"],
    'name.familyName co "IẞT"': ["ΝΙΚΟΣ"],
    'name.familyName sw "ß"': ["ΝΙΚΟΣ"],
    'name.familyName ew "ß"': ["Straße"],
    'name.familyName ne "weiß"': ["ΝΙΚΟΣ", "plain"],
    'urn:x:1.0:User:site eq "Gießen"': ["Straße"],
    'userName eq "PLAIN"': ["plain"],
  },
  Groups: { 'displayName eq "Spaß"': ["Spaß"], 'displayName co "ß"': ["Spaß"], 'displayName eq "sonst"': ["Sonst"] },
};

/** What is found only once it is brought along. */
const FOUND_AFTER: typeof FOUND = {
  Users: {
    'userName eq "STRASSE"': ["Straße"],
    'userName eq "νικοσ"': ["ΝΙΚΟΣ"],
    'emails.value eq "strasse@x.test"': ["Straße"],
    'name.familyName ew "SS"': ["Straße"],
    'name.familyName co "isst"': ["ΝΙΚΟΣ"],
  },
  Groups: { 'displayName eq "SPASS"': ["Spaß"] },
};

async function namesFound(client: ScimClient, type: string, filter: string): Promise<string[]> {
  const { status, json, text } = await client.send("GET", `/${type}?filter=${encodeURIComponent(filter)}`);
  if (status !== 200) throw new Error(`${filter}: ${status} ${text}`);
  expect(json.totalResults).toBe(json.Resources.length);
  return json.Resources.map(({ userName, displayName }: Record<string, string>) => userName ?? displayName).sort();
}

async function lookUp(client: ScimClient, due: typeof FOUND): Promise<void> {
  for (const [type, filters] of Object.entries(due))
    for (const [filter, names] of Object.entries(filters))
      expect(await namesFound(client, type, filter), filter).toEqual(names.toSorted());
}

async function searchPeople(client: ScimClient, search: string): Promise<string[]> {
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(client.companyId)
    .first("company_key");
  const query = { search, status: null, settingId: null, isUnmanaged: false, order: "name" } as const;
  const page = { take: 9, after: null };
  const registry = openRegistry(env);
  const found = await listPeople(registry, Number(key), query, page, NOTHING, freeReads(registry));
  return found.rows.map(({ userName }) => userName);
}

async function oldClient(): Promise<ScimClient> {
  const client = await newClient();
  const people = [
    { userName: "QaQ", name: { familyName: "QfQ", givenName: "QkQ" }, emails: [{ value: "QaQ@x.test", type: "work" }] },
    { userName: "QdQ", name: { familyName: "QhQ" } },
    { userName: "plain", name: { familyName: "Plain" } },
  ];
  for (const person of people) {
    const extension = person.userName === "QaQ" ? { "urn:x:1.0:User": { site: "QgQ" } } : {};
    expect((await client.send("POST", "/Users", { ...person, ...extension })).status).toBe(201);
  }
  for (const displayName of ["QsQ", "Sonst"]) await client.send("POST", "/Groups", { displayName });
  await age(client.companyId, {
    ...{ QaQ: "Straße", QdQ: "ΝΙΚΟΣ", QfQ: "Weiß", QgQ: "Gießen", QhQ: "ßißt", QkQ: "Özil", QsQ: "Spaß" },
  });
  return client;
}

it("what is read is found before, while and after rows are brought along from the rules of before", async () => {
  const client = await oldClient();
  let steps = 0;
  const look = async () => {
    steps += 1;
    await lookUp(client, FOUND);
    const path = `/companies/${client.companyId}/target-users?filter=${encodeURIComponent('userName eq "Straße"')}`;
    expect((await operate("GET", path)).json.items).toMatchObject([{ userName: "Straße" }]);
    for (const search of ["straße", "STRAẞE", "weiß"]) expect(await searchPeople(client, search)).toEqual(["Straße"]);
  };
  await look();
  await finishFollowUps(newWriter(client.companyId, { d1: hookD1(env.DB, { afterCommit: look }) }));
  expect(steps).toBeGreaterThan(4);
  await lookUp(client, FOUND_AFTER);
  for (const search of ["WEISS", "özil", "ÖZIL weiss", "νικοσ"])
    expect(await searchPeople(client, search), search).toHaveLength(1);
});

it("of two that become one name, a look-up finds the one that it means, and after that the older", async () => {
  const client = await newClient();
  for (const userName of ["QbQ", "QaQ"]) await client.send("POST", "/Users", { userName });
  await age(client.companyId, { QaQ: "Straße", QbQ: "STRASSE" });
  const seen: string[][] = [];
  const look = async () =>
    void seen.push([
      ...(await namesFound(client, "Users", 'userName eq "Straße"')),
      ...(await namesFound(client, "Users", 'userName eq "strasse"')),
    ]);
  await look();
  await finishFollowUps(newWriter(client.companyId, { d1: hookD1(env.DB, { afterCommit: look }) }));
  expect(seen[0]).toEqual(["Straße", "STRASSE"]);
  expect(seen.at(-1)).toEqual(["STRASSE", "STRASSE"]);
  expect(seen.every(({ length }) => length === 2)).toBe(true);
});
