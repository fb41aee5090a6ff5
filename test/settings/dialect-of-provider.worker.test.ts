import { describe, expect, it } from "vitest";
import { PROVIDERS } from "../../src/settings/setting.ts";
import { call, newClient, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";

const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

function settingPath({ companyId, settingId }: ScimClient): string {
  return `/companies/${companyId}/scim-settings/${settingId}`;
}

/** A group of one user, and of what else is asked for. */
async function crew(client: ScimClient, ...others: unknown[]): Promise<{ group: string; ann: string }> {
  const ann = (await client.send("POST", "/Users", { userName: "ann" })).json.id;
  const members = [{ value: ann }, ...others];
  return { ann, group: (await client.send("POST", "/Groups", { displayName: "Crew", members })).json.id };
}

/** The PUT of Keycloak's plug-ins when the last member has left, and of ConnId when members are unchanged. */
function putBare(client: ScimClient, group: string, displayName = "Crew"): Promise<ScimAnswer> {
  const body = { schemas: [GROUP], id: group, externalId: "kc-1", displayName };
  return client.send("PUT", `/Groups/${group}`, body);
}

async function notesOf(client: ScimClient, answer: ScimAnswer): Promise<string> {
  const row = await operate("GET", `/companies/${client.companyId}/log/${answer.headers.get("x-request-id")}`);
  expect(row.status).toBe(200);
  return JSON.stringify(row.json.notes);
}

describe("a PUT of a group without members", () => {
  it("keeps them, and the log notes that it did; with none there is nothing to note", async () => {
    const client = await newClient();
    const { group, ann } = await crew(client);
    const kept = await putBare(client, group, "Renamed");
    expect(kept.json).toMatchObject({ displayName: "Renamed", members: [{ value: ann }] });
    expect(await notesOf(client, kept)).toContain("members_not_sent");
    await client.send("PATCH", `/Groups/${group}`, { Operations: [{ op: "remove", path: "members" }] });
    expect(await notesOf(client, await putBare(client, group))).not.toContain("members_not_sent");
  });

  it("notes members that are groups too, and says nothing where members were sent", async () => {
    const client = await newClient();
    const inner = (await client.send("POST", "/Groups", { displayName: "Inner" })).json.id;
    const outer = { displayName: "Outer", members: [{ value: inner, type: "Group" }] };
    const { id } = (await client.send("POST", "/Groups", outer)).json;
    expect(await notesOf(client, await putBare(client, id, "Outer"))).toContain("members_not_sent");
    const sent = await client.send("PUT", `/Groups/${id}`, outer);
    expect(await notesOf(client, sent)).not.toContain("members_not_sent");
  });

  it("says of members sent as null that they were kept for that, alone, and only where any were", async () => {
    const client = await newClient();
    const { group } = await crew(client);
    const put = () => client.send("PUT", `/Groups/${group}`, { displayName: "Crew", members: null });
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [{ method: "PUT", path: `/Groups/${group}`, data: { displayName: "Crew", members: null } }],
    });
    for (const kept of [await put(), bulk]) {
      expect(await notesOf(client, kept)).toContain("members_kept");
      expect(await notesOf(client, kept)).not.toContain("members_not_sent");
    }
    await client.send("PATCH", `/Groups/${group}`, { Operations: [{ op: "remove", path: "members" }] });
    expect(await notesOf(client, await put())).toBe("[]");
  });

  it("does not say of members sent as null that they were kept where the dialect empties the group", async () => {
    const client = await newClient({ dialect: { putWithoutMembers: "empty" } });
    const { group } = await crew(client);
    const emptied = await client.send("PUT", `/Groups/${group}`, { displayName: "Crew", members: null });
    expect(emptied.json.members).toEqual([]);
    expect(await notesOf(client, emptied)).toBe("[]");
  });

  it("empties the group where the dialect says so, its target group too, and notes nothing of it", async () => {
    const client = await newClient({ dialect: { putWithoutMembers: "empty" } });
    const { group } = await crew(client);
    const emptied = await putBare(client, group);
    expect([emptied.status, emptied.json.members]).toEqual([200, []]);
    expect(await notesOf(client, emptied)).not.toContain("members_not_sent");
    const targets = (await operate("GET", `/companies/${client.companyId}/target-groups`)).json.items;
    expect(targets).toMatchObject([{ name: "Crew", memberCount: 0 }]);
  });

  it("empties it in a Bulk request too, the members of the same request included", async () => {
    const client = await newClient({ dialect: { putWithoutMembers: "empty" } });
    const { group } = await crew(client);
    const bob = (await client.send("POST", "/Users", { userName: "bob" })).json.id;
    const add = { Operations: [{ op: "add", path: "members", value: [{ value: bob }] }] };
    const answer = await client.send("POST", "/Bulk", {
      Operations: [
        { method: "PATCH", path: `/Groups/${group}`, data: add },
        { method: "PUT", path: `/Groups/${group}`, data: { displayName: "Crew" } },
      ],
    });
    expect(answer.json.Operations.map(({ status }: { status: string }) => status)).toEqual(["204", "200"]);
    expect((await client.send("GET", `/Groups/${group}`)).json.members).toEqual([]);
  });

  it("follows the switch from the next request on", async () => {
    const client = await newClient();
    const { group } = await crew(client);
    await operate("PATCH", settingPath(client), { dialect: { putWithoutMembers: "empty" } });
    expect((await putBare(client, group)).json.members).toEqual([]);
  });
});

describe("pagination in ServiceProviderConfig", () => {
  it("is hidden where the dialect says so, and shown to others and to who asks without a token", async () => {
    const client = await newClient({ dialect: { showPagination: false } });
    const hidden = (await client.send("GET", "/ServiceProviderConfig")).json;
    expect(hidden).not.toHaveProperty("pagination");
    const shown = (await (await newClient()).send("GET", "/ServiceProviderConfig")).json;
    expect(shown).toMatchObject({ pagination: { cursor: true, index: true } });
    expect({ ...hidden, pagination: shown.pagination }).toEqual(shown);
    expect((await call("GET", "/scim/v2/ServiceProviderConfig")).json).toEqual(shown);
    expect((await client.send("GET", "/Users?cursor=&count=1")).status).toBe(200);
    await operate("PATCH", settingPath(client), { dialect: { showPagination: true } });
    expect((await client.send("GET", "/ServiceProviderConfig")).json).toEqual(shown);
  });
});

describe("the dialect of a setting, by the management API", () => {
  it("begins as the provider's clients need it, and another provider later leaves it", async () => {
    const usual = { putWithoutMembers: "keep", showPagination: true };
    const own: Record<string, object> = {
      keycloak: { putWithoutMembers: "empty", showPagination: false },
      pingone: { showPagination: false },
    };
    for (const provider of PROVIDERS) {
      const client = await newClient({ provider });
      const read = async () => (await operate("GET", settingPath(client))).json;
      const dialect = { ...usual, ...own[provider] };
      expect((await read()).dialect, provider).toEqual(dialect);
      await operate("PATCH", settingPath(client), { provider: provider === "keycloak" ? "other" : "keycloak" });
      expect((await read()).dialect, provider).toEqual(dialect);
    }
  });

  it("is merged, in a new setting and in a change, and told to the feed as a change of the setting", async () => {
    const client = await newClient({ provider: "keycloak", dialect: { showPagination: true } });
    const changed = await operate("PATCH", settingPath(client), { dialect: { putWithoutMembers: "keep" } });
    expect(changed.json.dialect).toEqual({ putWithoutMembers: "keep", showPagination: true });
    const again = await operate("PATCH", settingPath(client), { name: "Other name", dialect: {} });
    expect(again.json).toMatchObject({ name: "Other name", dialect: changed.json.dialect });
    const { items } = (await operate("GET", `/companies/${client.companyId}/changes`)).json;
    const told = items.filter(({ type }: { type: string }) => type === "setting.changed");
    expect(told.map(({ data }: { data: { changed: string[] } }) => data.changed)).toEqual([["dialect"], ["name"]]);
  });

  it.each([
    [{ putWithoutMembers: "drop" }, "/dialect/putWithoutMembers"],
    [{ showPagination: "yes" }, "/dialect/showPagination"],
    [{ showPagination: null }, "/dialect/showPagination"],
    [{ colour: "red" }, "/dialect/colour"],
    [null, "/dialect"],
    ["keep", "/dialect"],
  ])("refuses %j with 400 at %s, and changes nothing", async (dialect, pointer) => {
    const client = await newClient();
    const refused = await operate("PATCH", settingPath(client), { name: "Changed", dialect });
    expect([refused.status, refused.json.errors[0].pointer]).toEqual([400, pointer]);
    const body = { name: "New", provider: "other", groupSettings: { criteria: "idp" }, dialect };
    expect((await operate("POST", `/companies/${client.companyId}/scim-settings`, body)).status).toBe(400);
    expect((await operate("GET", settingPath(client))).json.name).toBe("Directory");
  });
});
