import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foldKey } from "../../src/directory/fold-key.ts";
import { sayNote } from "../../src/scim/note.ts";
import { seedUsers } from "../bench/workers/seed-directory.ts";
import { getPage, postForm, signInAdmin } from "../console/sign-in-to.ts";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newClient, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";
import { Client, newBench, requireOutcome, finishFollowUps as settleBench, targetMembers } from "./bench.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const DEPARTMENT = `${ENTERPRISE}:department`;
const BALLOON = "\u{1f388}";
const LONG = "Department of everything ".repeat(70).trim();
const BY_FIELD = { criteria: "field", field: "department", targetGroupName: "Rest", targetGroupScope: "ungrouped" };

const person = (userName: string, department?: string) => ({ userName, [ENTERPRISE]: { department } });
const set = (path: string, value: unknown) => ({ Operations: [{ op: "replace", path, value }] });

async function groupsOf(client: ScimClient, id: string): Promise<string[]> {
  const { json } = await operate("GET", `/companies/${client.companyId}/target-users/${id}`);
  return json.groups.map(({ name }: { name: string }) => name);
}

async function groupNames({ companyId }: ScimClient): Promise<string[]> {
  const { json } = await operate("GET", `/companies/${companyId}/target-groups?limit=200`);
  return json.items.map(({ name }: { name: string }) => name);
}

/** The notes of the request that an answer is to. */
async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<string[]> {
  const entry = must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200);
  return entry.notes.map(sayNote);
}

async function companyKeyOf({ companyId }: ScimClient): Promise<number> {
  return Number(
    await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(companyId).first("company_key"),
  );
}

/** Puts a target group into D1 as it was made before names had a limit; the writer reads it with its next commit. */
async function insertOld(client: ScimClient, name: string, source: string): Promise<number> {
  const companyKey = await companyKeyOf(client);
  const key = companyKey * 2 ** 32 + 70_000;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, created_at)
       VALUES (?, ?, ?, ?, ?, ?, 1)`,
    ).bind(key, companyKey, crypto.randomUUID(), name, foldKey(name), source),
    env.DB.prepare("UPDATE companies SET commit_no = commit_no + 1, next_key = 80000 WHERE company_key = ?").bind(
      companyKey,
    ),
  ]);
  return key;
}

describe("a field's value of over 256 characters", () => {
  it("gives no group and is noted with its path, clipped, by every verb; 256 characters give one", async () => {
    const client = await newClient({ groupSettings: BY_FIELD });
    const created = await client.send("POST", "/Users", person("ada", LONG));
    const { id } = must(created, 201);
    const note = `${DEPARTMENT}: "${LONG.slice(0, 60)}…" has more than 256 characters, so it gives no target group.`;
    expect(await notesOf(client, created)).toEqual([note]);
    expect(await groupsOf(client, id)).toEqual(["Rest"]);
    expect(created.json[ENTERPRISE].department).toBe(LONG);
    for (const name of [BALLOON.repeat(256), "d".repeat(256), ` ${"e".repeat(256)} `]) {
      const fits = await client.send("PATCH", `/Users/${id}`, set(DEPARTMENT, name));
      expect(await notesOf(client, fits)).toEqual([]);
      expect(await groupsOf(client, id)).toEqual([name.trim()]);
    }
    const patched = await client.send("PATCH", `/Users/${id}`, set(DEPARTMENT, BALLOON.repeat(257)));
    expect(await notesOf(client, patched)).toEqual([
      `${DEPARTMENT}: "${BALLOON.repeat(60)}…" has more than 256 characters, so it gives no target group.`,
    ]);
    expect(await groupsOf(client, id)).toEqual(["Rest"]);
    const replaced = await client.send("PUT", `/Users/${id}`, person("ada", LONG));
    expect(await notesOf(client, replaced)).toEqual([note]);
    expect((await groupNames(client)).filter((name) => [...name].length > 256)).toEqual([]);
  });

  it("is noted when it comes or somebody comes back with it, not with whatever else is changed", async () => {
    const client = await newClient({ groupSettings: BY_FIELD });
    const { id } = must(await client.send("POST", "/Users", person("ada", LONG)), 201);
    expect(await notesOf(client, await client.send("PATCH", `/Users/${id}`, set("title", "Clerk")))).toEqual([]);
    expect(await notesOf(client, await client.send("PATCH", `/Users/${id}`, set("active", false)))).toEqual([]);
    expect(await notesOf(client, await client.send("PATCH", `/Users/${id}`, set("active", true)))).toHaveLength(1);
  });

  it("is told of in the row of a Bulk with its operation, and erased with the person", async () => {
    const client = await newClient({ groupSettings: BY_FIELD });
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [{ method: "POST", path: "/Users", bulkId: "a", data: person("ada", LONG) }],
    });
    expect(await notesOf(client, bulk)).toEqual([
      `Operations[0].data.${DEPARTMENT}: "${LONG.slice(0, 60)}…" has more than 256 characters, so it gives no target group.`,
    ]);
    must(await client.send("DELETE", `/Users/${must(bulk, 200).Operations[0].location.split("/").at(-1)}`), 204);
    expect(await notesOf(client, bulk)).toEqual([
      `Operations[0].data.${DEPARTMENT}: "…" has more than 256 characters, so it gives no target group.`,
    ]);
    const created = await client.send("POST", "/Users", { ...person("bea", LONG), nonsense: 1 });
    expect(await notesOf(client, created)).toHaveLength(2);
    must(await client.send("DELETE", `/Users/${created.json.id}`), 204);
    expect(await notesOf(client, created)).toEqual([
      `${DEPARTMENT}: "…" has more than 256 characters, so it gives no target group.`,
      "nonsense is not an attribute of any schema; it was ignored.",
    ]);
  });

  it("goes on feeding a group that has the name from before, which stays as it is", async () => {
    const client = await newClient({ groupSettings: BY_FIELD });
    await insertOld(client, LONG, "field");
    const created = await client.send("POST", "/Users", person("ada", ` ${LONG.toUpperCase()}`));
    const { id } = must(created, 201);
    expect(await notesOf(client, created)).toEqual([]);
    expect(await groupsOf(client, id)).toEqual([LONG]);
    must(await client.send("PATCH", `/Users/${id}`, set("title", "Clerk")), 200);
    expect(await groupsOf(client, id)).toEqual([LONG]);
    const other = must(await client.send("POST", "/Users", person("bea", `${LONG}!`)), 201);
    expect(await groupsOf(client, other.id)).toEqual(["Rest"]);
    const { json } = await operate("GET", `/companies/${client.companyId}/target-groups`);
    const old = json.items.find(({ name }: { name: string }) => name === LONG);
    expect(old.memberCount).toBe(1);
    const members = await operate("GET", `/companies/${client.companyId}/target-groups/${old.id}/members`);
    expect(members.json.items).toMatchObject([{ userId: id, reasons: [{ kind: "field" }] }]);
  });

  it("is previewed as it is applied", async () => {
    const client = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
    const ids: string[] = [];
    for (const [index, department] of [LONG, "d".repeat(256), "Sales"].entries())
      ids.push(must(await client.send("POST", "/Users", person(`p${index}`, department)), 201).id);
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    for (const fieldMappings of [
      [],
      [
        { field: "department", path: DEPARTMENT },
        { field: "firstName", path: "title" },
      ],
    ]) {
      const preview = must(await operate("POST", `${at}/preview`, { groupSettings: BY_FIELD, fieldMappings }), 200);
      const joins = preview.changes.filter(({ action }: { action: string }) => action === "join");
      expect(joins.map(({ groupName }: { groupName: string }) => groupName)).toEqual([
        "Rest",
        "d".repeat(256),
        "Sales",
      ]);
    }
    must(await operate("PATCH", at, { groupSettings: BY_FIELD }), 200);
    await waitForLogAndWork(client);
    const groups: string[][] = [];
    for (const id of ids) groups.push(await groupsOf(client, id));
    expect(groups).toEqual([["Rest"], ["d".repeat(256)], ["Sales"]]);
  });
});

describe("an IdP group's name of over 256 characters", () => {
  const BY_IDP = { groupSettings: { criteria: "idp" } };
  // What a note quotes is erased with its person; of a group it quotes nothing.
  const note = 'displayName: "…" has more than 256 characters, so it gives no target group.';

  it("gives no mirror, noted; a shorter one gives it one, with its members", async () => {
    const client = await newClient(BY_IDP);
    const { id: userId } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    const created = await client.send("POST", "/Groups", { displayName: LONG, members: [{ value: userId }] });
    const { id } = must(created, 201);
    expect(await notesOf(client, created)).toEqual([note]);
    expect(await groupsOf(client, userId)).toEqual([]);
    const renamed = await client.send("PATCH", `/Groups/${id}`, set("displayName", "Crew"));
    expect(await notesOf(client, renamed)).toEqual([]);
    expect(await groupsOf(client, userId)).toEqual(["Crew"]);
    const { id: other } = must(await client.send("POST", "/Users", { userName: "bea" }), 201);
    const joined = { Operations: [{ op: "add", path: "members", value: [{ value: other }] }] };
    must(await client.send("PATCH", `/Groups/${id}`, joined), 204);
    expect(await groupsOf(client, other)).toEqual(["Crew"]);
  });

  it("moves the members of a large group into its mirror in the commits after the one that shortens its name", async () => {
    const bench = await newBench({ criteria: "idp" });
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: 1_001 });
    const client = new Client(bench.writer, bench.settingId);
    const group = await client.group(LONG, ids);
    expect(await targetMembers(bench.companyId)).toEqual({});
    requireOutcome(await client.patchGroup(group, { op: "replace", path: "displayName", value: "Crew" }));
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: [] });
    await settleBench(bench.writer);
    expect((await targetMembers(bench.companyId)).Crew).toHaveLength(1_001);
  });

  it("leaves a mirror the name it had, with its members and trainings, noted", async () => {
    const client = await newClient(BY_IDP);
    const { id: userId } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    const { id } = must(
      await client.send("POST", "/Groups", { displayName: "Crew", members: [{ value: userId }] }),
      201,
    );
    const [crew] = (await operate("GET", `/companies/${client.companyId}/target-groups`)).json.items;
    const items = [{ kind: "training", id: "t", name: "T" }];
    must(await operate("PUT", `/companies/${client.companyId}/target-groups/${crew.id}/auto-enrolments`, items), 200);
    await waitForLogAndWork(client);
    const kept =
      'displayName: "…" has more than 256 characters, so the target group keeps the name it had, its members and its trainings.';
    for (const [method, body] of [
      ["PATCH", set("displayName", LONG)],
      ["PUT", { displayName: `${LONG}!` }],
    ] as const) {
      const renamed = await client.send(method, `/Groups/${id}`, body);
      expect((await notesOf(client, renamed))[0]).toBe(kept);
      expect(await groupsOf(client, userId)).toEqual(["Crew"]);
    }
    const enrolments = await operate("GET", `/companies/${client.companyId}/enrolments`);
    expect(enrolments.json.items).toMatchObject([{ status: "active", groupIds: [crew.id] }]);
    must(await client.send("PATCH", `/Groups/${id}`, set("displayName", "Team")), 204);
    expect(await groupsOf(client, userId)).toEqual(["Team"]);
    expect(await groupNames(client)).toEqual(["Team"]);
  });

  it("is mirrored by a group that has the name from before", async () => {
    const client = await newClient(BY_IDP);
    await insertOld(client, LONG, "manual");
    const { id: userId } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    const created = await client.send("POST", "/Groups", { displayName: LONG, members: [{ value: userId }] });
    must(created, 201);
    expect(await notesOf(client, created)).toEqual([]);
    expect(await groupsOf(client, userId)).toEqual([LONG]);
  });

  it("gives none either when a setting begins to synchronise groups", async () => {
    const client = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
    const { id: userId } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    for (const displayName of [LONG, "Crew"])
      must(await client.send("POST", "/Groups", { displayName, members: [{ value: userId }] }), 201);
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    const preview = must(await operate("POST", `${at}/preview`, BY_IDP), 200);
    expect(preview.changes).toMatchObject([
      { groupName: "Crew", action: "join" },
      { groupName: "All", action: "leave" },
    ]);
    must(await operate("PATCH", at, BY_IDP), 200);
    await waitForLogAndWork(client);
    expect(await groupsOf(client, userId)).toEqual(["Crew"]);
  });
});

describe("a name of over 256 characters that a person gives", () => {
  it("is refused with 400 by the API, for a group and for a setting's own, and in the console's form", async () => {
    const client = await newClient();
    const groups = `/companies/${client.companyId}/target-groups`;
    for (const name of ["n".repeat(257), BALLOON.repeat(257), LONG]) {
      const refused = await operate("POST", groups, { name });
      expect(refused.status).toBe(400);
      expect(refused.json.errors).toEqual([{ pointer: "/name", detail: "Give at most 256 characters." }]);
      const groupSettings = { criteria: "none", targetGroupName: name };
      const at = `/companies/${client.companyId}/scim-settings`;
      expect((await operate("POST", at, { name: "S", provider: "other", groupSettings })).status).toBe(400);
      expect((await operate("PATCH", `${at}/${client.settingId}`, { groupSettings })).status).toBe(400);
    }
    for (const name of [BALLOON.repeat(256), ` ${"n".repeat(256)} `])
      expect(must(await operate("POST", groups, { name }), 201).name).toBe(name.trim());
    const cookie = await signInAdmin(await companyKeyOf(client));
    const url = `/console/companies/${client.companyId}/groups`;
    expect((await postForm(url, { name: "m".repeat(257) }, cookie)).status).toBe(422);
    expect((await postForm(url, { name: "m".repeat(256) }, cookie)).status).toBe(303);
    expect((await getPage(url, cookie)).status).toBe(200);
  });
});
