import { describe, expect, it } from "vitest";
import { newClient, operate } from "../scim-api/scim-client.ts";

const TRAINING = { kind: "training", id: "t-1", name: "Phishing basics" };

/** A company whose people are grouped by department, with a target group made by hand. */
async function openCompany() {
  const scim = await newClient({ groupSettings: { criteria: "field", field: "department" } });
  const base = `/companies/${scim.companyId}`;
  const arrive = async (userName: string, department: string) => {
    const made = await scim.send("POST", "/Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      emails: [{ value: userName, type: "work" }],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department },
    });
    return made.json.id as string;
  };
  const makeGroup = async (name: string) => {
    const { json } = await operate("POST", `${base}/target-groups`, { name });
    return { ...json, path: `${base}/target-groups/${json.id}` } as { id: string; path: string };
  };
  const types = async () =>
    ((await operate("GET", `${base}/changes?limit=200`)).json.items as { type: string }[]).map(({ type }) => type);
  return { ...scim, base, arrive, makeGroup, types };
}

describe("a target group made by hand", () => {
  it("is renamed with its members and what it enrols them in, and the feed tells it", async () => {
    const { base, arrive, makeGroup } = await openCompany();
    const [ada, group] = [await arrive("ada@example.com", "Sales"), await makeGroup("Board")];
    await operate("PUT", `${group.path}/members/${ada}`);
    await operate("PUT", `${group.path}/auto-enrolments`, [TRAINING]);
    const renamed = await operate("PATCH", group.path, { name: " Directors " });
    expect(renamed).toMatchObject({ status: 200, json: { id: group.id, name: "Directors", memberCount: 1 } });
    expect((await operate("GET", `${group.path}/auto-enrolments`)).json.items).toEqual([TRAINING]);
    const last = (await operate("GET", `${base}/changes?types=group.renamed`)).json.items.at(-1);
    expect(last).toMatchObject({ subject: { id: group.id }, data: { oldName: "Board", name: "Directors" } });
    // Another spelling of its own name is a name of its own.
    expect((await operate("PATCH", group.path, { name: "DIRECTORS" })).json.name).toBe("DIRECTORS");
    const taken = await operate("PATCH", group.path, { name: "sales" });
    expect(taken).toMatchObject({ status: 409, json: { code: "target_group_name_taken" } });
    expect((await operate("PATCH", group.path, { name: "" })).status).toBe(400);
  });

  it("is removed at once when nothing hangs on it, and with what hangs on it when that was asked for", async () => {
    const { base, arrive, makeGroup, types } = await openCompany();
    const empty = await makeGroup("Empty");
    expect((await operate("DELETE", empty.path)).status).toBe(204);
    expect((await operate("GET", empty.path)).status).toBe(404);
    const [ada, group] = [await arrive("ada@example.com", "Sales"), await makeGroup("Board")];
    await operate("PUT", `${group.path}/members/${ada}`);
    const asked = await operate("DELETE", group.path);
    expect(asked).toMatchObject({ status: 409, json: { code: "in_use" } });
    expect(asked.json.detail).toContain("1 members");
    await operate("PUT", `${group.path}/auto-enrolments`, [TRAINING]);
    expect((await operate("DELETE", `${group.path}?force=false`)).status).toBe(409);
    expect((await operate("DELETE", `${group.path}?force=true`)).status).toBe(204);
    expect((await operate("GET", group.path)).status).toBe(404);
    expect((await operate("GET", `${base}/enrolments?status=active`)).json.items).toEqual([]);
    const told = await types();
    expect(told.slice(told.indexOf("auto_enrolments.changed") + 1)).toEqual([
      "enrolment.started",
      "auto_enrolments.changed",
      "member.removed",
      "enrolment.withdrawn",
      "group.deleted",
    ]);
    expect((await operate("GET", `${base}/target-users/${ada}`)).json.groups).toMatchObject([{ name: "Sales" }]);
  });

  it("is in use, whatever is asked, while a setting feeds it", async () => {
    const { base, arrive, makeGroup, settingId } = await openCompany();
    const fed = await makeGroup("Sales");
    await arrive("ada@example.com", "Sales");
    for (const [method, path, body] of [
      ["PATCH", fed.path, { name: "Vendors" }],
      ["DELETE", `${fed.path}?force=true`, undefined],
    ] as const)
      expect(await operate(method, path, body), method).toMatchObject({ status: 409, json: { code: "in_use" } });
    const own = await makeGroup("Everybody");
    await operate("PATCH", `${base}/scim-settings/${settingId}`, {
      groupSettings: { targetGroupId: own.id, targetGroupScope: "everyone", criteria: "none" },
    });
    expect((await operate("DELETE", `${own.path}?force=true`)).json.code).toBe("in_use");
    // Its own group is the setting's by its id: it may have another name.
    expect((await operate("PATCH", own.path, { name: "Everyone" })).status).toBe(200);
  });
});

describe("a target group that a setting made", () => {
  it("is neither renamed nor removed by API: 409 `managed`", async () => {
    const { base, arrive } = await openCompany();
    await arrive("ada@example.com", "Sales");
    const [group] = (await operate("GET", `${base}/target-groups`)).json.items;
    const path = `${base}/target-groups/${group.id}`;
    for (const [method, query, body] of [
      ["PATCH", "", { name: "Vendors" }],
      ["DELETE", "", undefined],
      ["DELETE", "?force=true", undefined],
    ] as const)
      expect(await operate(method, path + query, body)).toMatchObject({ status: 409, json: { code: "managed" } });
    expect((await operate("DELETE", `${path}?forced=true`)).status).toBe(400);
  });
});
