import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { must, personOf } from "../../safety/populated-company.ts";
import { newSetting, operate, type ScimClient } from "../../scim-api/scim-client.ts";
import { moveFence } from "../../writer/foreign-commit.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

type Admin = Awaited<ReturnType<typeof makeAdmin>>;

const basics = { kind: "training", id: "basics/2026 ?", name: "Security basics" };
const bait = { kind: "phishing", id: "bait", name: "Late invoice" };

let admin: Admin;
let client: ScimClient;
let at = "";
const groups: Record<string, string> = {};
const ids: Record<string, string> = {};

const urlOf = (item: { kind: string; id: string }, more: Record<string, string> = {}) =>
  `/console/companies/${admin.company.id}/trainings/item?${new URLSearchParams({ kind: item.kind, id: item.id, ...more })}`;

async function read(path: string): Promise<string> {
  const answer = await getPage(path, admin.cookie);
  expect(answer.status, path).toBe(200);
  return answer.text();
}

/** The people that a page lists, in its order. */
function peopleIn(html: string): string[] {
  const [, body = ""] = /<tbody>(.*?)<\/tbody>/s.exec(html) ?? [];
  return [...body.matchAll(/<th scope="row">\s*<a[^>]*>(.*?)<\/a>/gs)].map(([, name = ""]) =>
    name.replace(/<wbr\/?>/g, "").replace(/@.*/, ""),
  );
}

async function listed(more: Record<string, string>): Promise<string[]> {
  return peopleIn(await read(urlOf(basics, more)));
}

function person(name: string, department: string) {
  return {
    ...personOf(name),
    userName: `${name}@example.com`,
    emails: [{ value: `${name}@example.com`, type: "work" }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department },
  };
}

beforeAll(async () => {
  admin = await makeAdmin("Trained");
  at = `/companies/${admin.company.id}`;
  client = await newSetting(admin.company.id, {
    groupSettings: { criteria: "field", field: "department", targetGroupName: "All" },
  });
  for (const [name, department] of [
    ["ada", "Sales"],
    ["bob", "Sales"],
    ["cas", "Legal"],
    ["dan", "Legal"],
    ["eve", "Tax"],
  ] as const)
    ids[name] = must(await client.send("POST", "/Users", person(name, department)), 201).id;
  const { items } = must(await operate("GET", `${at}/target-groups`), 200);
  for (const { id, name } of items) groups[name] = id;
  for (const name of ["Sales", "Legal"])
    must(await operate("PUT", `${at}/target-groups/${groups[name]}/auto-enrolments`, [basics]), 200);
  const leave = { Operations: [{ op: "replace", path: "active", value: false }] };
  must(await client.send("PATCH", `/Users/${ids.dan}`, leave), 200);
});

describe("the page of a training", () => {
  it("lists who is enrolled, the newest first or by name, since when and by which groups", async () => {
    const html = await read(urlOf(basics));
    expect(html).toContain("3 people are enrolled");
    expect(peopleIn(html)).toEqual(["cas", "bob", "ada"]);
    expect(await listed({ sort: "added" })).toEqual(["ada", "bob", "cas"]);
    expect(await listed({ sort: "name" })).toEqual(["ada", "bob", "cas"]);
    expect(await listed({ sort: "-name" })).toEqual(["cas", "bob", "ada"]);
    expect(await listed({ q: "bo" })).toEqual(["bob"]);
    expect(html).toMatch(
      /<td class="wide roomy">Legal<\/td><td class="wide roomy"><time[^>]*>just now<\/time><\/td><td><span class="soft">–<\/span><\/td><td class="wide cause">Legal<\/td>/,
    );
    for (const name of ["Sales", "Legal"]) expect(html).toContain(`/groups/${groups[name]}">${name}</a>`);
  });

  it("shows at any width the column that it stands by, the first time too", async () => {
    expect(await read(urlOf(basics))).toMatch(/<th scope="col" aria-sort="descending"><a[^>]*>Added/);
    const byEnrolment = await read(urlOf(basics, { sort: "-enrolled" }));
    expect(byEnrolment).toMatch(/<th scope="col" aria-sort="descending"><a[^>]*>Enrolled/);
    expect(byEnrolment).toMatch(/<th scope="col" class="wide roomy"><a[^>]*>Added/);
    const withdrawn = await read(urlOf(basics, { show: "withdrawn", sort: "enrolled" }));
    expect(withdrawn).toMatch(/<th scope="col" aria-sort="ascending"><a[^>]*>Enrolled/);
    // Who is not enrolled has no such time.
    expect(await read(urlOf(basics, { show: "none", sort: "enrolled" }))).toMatch(
      /aria-sort="descending"><a[^>]*>Added/,
    );
  });

  it("lists who was withdrawn, and who is active and not enrolled", async () => {
    expect(await listed({ show: "withdrawn" })).toEqual(["dan"]);
    expect(await listed({ show: "none" })).toEqual(["eve"]);
    const back = { Operations: [{ op: "replace", path: "active", value: true }] };
    must(await client.send("PATCH", `/Users/${ids.dan}`, back), 200);
    expect(await listed({ show: "withdrawn" })).toEqual([]);
    expect(await listed({})).toEqual(["dan", "cas", "bob", "ada"]);
    const leave = { Operations: [{ op: "replace", path: "active", value: false }] };
    must(await client.send("PATCH", `/Users/${ids.dan}`, leave), 200);
  });

  it("has the same as CSV", async () => {
    const path = urlOf(basics).replace("/item?", "/people.csv?");
    const lines = (await read(path)).trim().split("\r\n");
    expect(lines[0]).toContain("User name,E-mail,First name,Last name,Department,Status,Enrolled,Withdrawn,By,Id");
    expect(lines.slice(1).map((line) => line.split("@")[0])).toEqual(["cas", "bob", "ada"]);
    expect(lines[1]).toMatch(/,Legal,active,\d{4}-\d\d-\d\dT[\d:.]+Z,,Legal,/);
    const withdrawn = (await read(`${path}&show=withdrawn`)).trim().split("\r\n");
    expect(withdrawn[1]).toMatch(/^dan@.*,inactive,\d{4}[^,]*Z,\d{4}[^,]*Z,,/);
  });

  it("is not there for an item of nobody, nor for another company's", async () => {
    for (const item of [
      { kind: "training", id: "unknown" },
      { ...basics, kind: "phishing" },
      { kind: "", id: "" },
    ])
      expect((await getPage(urlOf(item), admin.cookie)).status).toBe(404);
    const stranger = await makeAdmin("Stranger");
    const theirs = urlOf(basics).replace(admin.company.id, stranger.company.id);
    expect((await getPage(theirs, stranger.cookie)).status).toBe(404);
  });

  it("knows a person with two users once: one of them is enrolled, the other is not without", async () => {
    const twin = { ...person("twin", "Tax"), emails: [{ value: "ada@example.com", type: "work" }] };
    const id = must(await client.send("POST", "/Users", twin), 201).id;
    expect(await listed({ sort: "name" })).toEqual(["ada", "bob", "cas"]);
    expect(await listed({ sort: "added" })).toEqual(["ada", "bob", "cas"]);
    expect(await listed({ show: "none" })).toEqual(["eve"]);
    must(await client.send("DELETE", `/Users/${id}`), 204);
  });
});

/** A company whose one target group enrols 120 people in the item, of names and ids in one order, the last of them first. */
async function newCrowd(): Promise<Admin> {
  const own = await makeAdmin("Crowded");
  const { settingId } = await newSetting(own.company.id, {
    groupSettings: { criteria: "none", targetGroupName: "Crowd" },
  });
  const path = `/companies/${own.company.id}/target-groups`;
  const crowd = must(await operate("GET", path), 200).items[0].id;
  must(await operate("PUT", `${path}/${crowd}/auto-enrolments`, [basics]), 200);
  const each = (sql: string, ...values: unknown[]) =>
    env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) ${sql} FROM n`).bind(
      own.company.key,
      ...values,
    );
  const first = own.company.key * 2 ** 32 + 5_000;
  await env.DB.batch([
    each(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       SELECT ?3 + i, ?1, (SELECT setting_key FROM scim_settings WHERE id = ?2), printf('0192f0ab-%08x-%08x', ?1, i),
         printf('p%03d', i), printf('p%03d', i), 1, '{}', 1, 1, 1`,
      ...[settingId, first],
    ),
    each(
      `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
       SELECT (SELECT target_group_key FROM target_groups WHERE id = ?2), ?3 + i, 'manual', 0, 0, '', ?1`,
      ...[crowd, first],
    ),
    // People without an address are known by their ids.
    each(
      `INSERT INTO enrolments (enrolment_key, company_key, id, person_key, user_key, user_id, kind, item_id, name, status, started_at)
       SELECT ?2 + i, ?1, printf('e%d', i), printf('user:0192f0ab-%08x-%08x', ?1, i), ?2 + i, 'x', 'training', ?3, 'x', 'active', 121 - i`,
      ...[first, basics.id],
    ),
    env.DB.prepare(
      "INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn) VALUES (?, 'training', ?, 'x', 120, 0)",
    ).bind(own.company.key, basics.id),
  ]);
  await moveFence(own.company.key);
  return own;
}

describe("a long list of people of a training", () => {
  it.each(["name", "-name", "added", "-added", "enrolled", "-enrolled"])(
    "is walked forth and back by %s",
    async (sort) => {
      const crowd = await newCrowd();
      const open = async (path: string) => (await getPage(path, crowd.cookie)).text();
      const linkOf = (html: string, rel: string) =>
        new RegExp(`href="([^"]*)" rel="${rel}"`).exec(html)?.[1]?.replaceAll("&amp;", "&");
      const pages: string[][] = [];
      let html = await open(urlOf(basics, { sort }).replace(admin.company.id, crowd.company.id));
      expect(linkOf(html, "prev")).toBeUndefined();
      for (;;) {
        pages.push(peopleIn(html));
        const next = linkOf(html, "next");
        if (next === undefined) break;
        html = await open(next);
      }
      expect(pages.map(({ length }) => length)).toEqual([50, 50, 20]);
      const all = pages.flat();
      expect(new Set(all).size).toBe(120);
      expect(all).toEqual(
        sort.startsWith("-") !== sort.endsWith("enrolled") ? all.toSorted().reverse() : all.toSorted(),
      );
      for (const before of pages.slice(0, 2).reverse()) {
        html = await open(linkOf(html, "prev") ?? "");
        expect(peopleIn(html)).toEqual(before);
      }
      expect(linkOf(html, "prev")).toBeUndefined();
      expect(linkOf(html, "next")).toBeDefined();
    },
  );
});

describe("the list of trainings, and the catalogue", () => {
  it("lists what is in use and what can be chosen, searched, of a kind and sorted", async () => {
    const page = `/console/companies/${admin.company.id}/trainings`;
    must(
      await operate("PUT", `${at}/catalogue`, [bait, { kind: "training", id: "gdpr", name: "Data protection" }]),
      200,
    );
    const names = async (query: string) => peopleIn(await read(page + query));
    expect(await names("")).toEqual(["Security basics", "Data protection", "Late invoice"]);
    expect(await names("?sort=-name")).toEqual(["Security basics", "Late invoice", "Data protection"]);
    expect(await names("?sort=groups")).toEqual(["Data protection", "Late invoice", "Security basics"]);
    expect(await names("?kind=phishing")).toEqual(["Late invoice"]);
    expect(await names("?q=PROTECT")).toEqual(["Data protection"]);
    expect(await names("?q=gdpr")).toEqual(["Data protection"]);
    expect(await names("?q=nothing")).toEqual([]);
    const csv = await read(`${page}.csv?q=basics`);
    expect(csv.trim().split("\r\n")[1]).toBe("Security basics,Training,2,3,no,basics/2026 ?");
  });

  it("is chosen from where there is one, and typed no more; nothing else is taken", async () => {
    const group = `/console/companies/${admin.company.id}/groups/${groups.Tax}`;
    expect(await read(group)).not.toContain("Id in the platform");
    const choose = await read(`${group}/auto-enrolments/choose?q=late`);
    expect(choose).toContain('aria-label="Choose Late invoice"');
    expect(choose).not.toContain("Data protection");
    const post = (fields: Record<string, string>) => postForm(`${group}/auto-enrolments`, fields, admin.cookie);
    const unknown = await post({ kind: "training", id: "typed", name: "Typed" });
    expect([unknown.status, await unknown.text()]).toEqual([422, expect.stringContaining("not offered any more")]);
    const asked = await post({ kind: "phishing", id: "bait", name: "Another name" });
    expect(await asked.text()).toContain("Enrol members in Late invoice?");
    expect((await post({ kind: "phishing", id: "bait", name: "Another name", confirmed: "yes" })).status).toBe(303);
    const { items } = must(await operate("GET", `${at}/target-groups/${groups.Tax}/auto-enrolments`), 200);
    expect(items).toMatchObject([bait]);
    const twice = await post({ kind: "phishing", id: "bait", name: "x" });
    expect([twice.status, await twice.text()]).toEqual([422, expect.stringContaining("enrolled in this already")]);
    expect(await read(`${group}/auto-enrolments/choose`)).toContain("Added");
  });
});
