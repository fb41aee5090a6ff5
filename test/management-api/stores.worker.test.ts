import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany, insert } from "./fill-company.ts";

interface List {
  items: { id: string; groupIds: string[] }[];
  nextCursor: string | null;
}

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

describe("companies", () => {
  it("are listed in the order they were made, page by page, without deleted ones", async () => {
    const first = (await fillCompany("First")).company;
    const gone = (await fillCompany("Gone")).company;
    const last = (await fillCompany("Last")).company;
    await env.DB.prepare("UPDATE companies SET deleted_at = 1 WHERE company_key = ?").bind(gone.key).run();
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { json }: { json: List } = await api<List>("GET", `/companies?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...json.items.map((item) => item.id));
      cursor = json.nextCursor;
    }
    expect(seen.slice(-2)).toEqual([first.id, last.id]);
    expect((await api("GET", `/companies/${gone.id}`)).status).toBe(404);
    expect((await api("GET", `/companies/${first.id}`)).json).toEqual({
      id: first.id,
      name: "First",
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      heldUpWork: [],
    });
  });
});

describe("SCIM settings", () => {
  it("show the mappings in force, the target group by id and name, and counts", async () => {
    const { company, addSetting, addTargetGroup } = await fillCompany();
    const group = await addTargetGroup("All staff", "everyone");
    const setting = await addSetting({ target_group_key: group.key, criteria: "none", active_users: 3 });
    await insert("field_mappings", { setting_key: setting.key, field_key: "email", path: "userName" });
    const answer = await api("GET", `/companies/${company.id}/scim-settings/${setting.id}`);
    expect(answer.json).toMatchObject({
      id: setting.id,
      status: "active",
      tenantUrl: "http://rollcall.test/scim/v2",
      groupSettings: {
        targetGroupId: group.id,
        targetGroupName: "All staff",
        targetGroupScope: "everyone",
        criteria: "none",
        field: null,
      },
      users: { active: 3, inactive: 0 },
      lastRequestAt: null,
    });
    expect(answer.json.fieldMappings).toHaveLength(5);
    expect(answer.json.fieldMappings).toContainEqual({ field: "email", path: "userName" });
  });

  it("of another company, deleted or unknown are 404", async () => {
    const { company, addSetting } = await fillCompany();
    const other = await fillCompany();
    const deleted = await addSetting({ status: "deleted" });
    for (const id of [other.setting.id, deleted.id, "nobody"])
      for (const path of ["", "/tokens", "/log"])
        expect((await api("GET", `/companies/${company.id}/scim-settings/${id}${path}`)).status).toBe(404);
  });

  it("show tokens without secret or hash", async () => {
    const { company, setting } = await fillCompany();
    await insert("tokens", { setting_key: setting.key, id: "t1", last_four: "beef", created_at: 0, revoked_at: 1000 });
    const answer = await api("GET", `/companies/${company.id}/scim-settings/${setting.id}/tokens`);
    expect(answer.json.items).toEqual([
      {
        id: "t1",
        lastFour: "beef",
        createdAt: "1970-01-01T00:00:00.000Z",
        expiresAt: null,
        lastUsedAt: null,
        revokedAt: "1970-01-01T00:00:01.000Z",
      },
    ]);
  });
});

describe("target users", () => {
  it("show standard and custom fields by key, null where the provider gives none", async () => {
    const { company, setting, addUser } = await fillCompany();
    for (const [key, type] of [
      ["badge", "number"],
      ["remote", "boolean"],
      ["floor", "text"],
    ] as const)
      await insert("custom_fields", { company_key: company.key, field_key: key, label: key, type, created_at: 0 });
    const user = await addUser("ada", { department: "Sales", custom_fields: '{"badge":7,"remote":false}', active: 0 });
    const answer = await api("GET", `/companies/${company.id}/target-users/${user.id}`);
    expect(answer.json).toEqual({
      id: user.id,
      userName: "ada",
      externalId: null,
      displayName: null,
      status: "inactive",
      fields: {
        email: null,
        firstName: null,
        lastName: null,
        department: "Sales",
        phoneNumber: null,
        badge: 7,
        remote: false,
        floor: null,
      },
      managed: true,
      settingId: setting.id,
      beingRemoved: false,
      createdAt: "1970-01-01T00:00:00.001Z",
      updatedAt: "1970-01-01T00:00:00.002Z",
      groups: [],
      enrolments: [],
    });
  });

  it("do not show a deleted field's value as that of a new field of another type", async () => {
    const { company, addUser } = await fillCompany();
    const cost = { company_key: company.key, field_key: "cost", label: "Cost", type: "number", created_at: 0 };
    await insert("custom_fields", cost);
    const user = await addUser("ada", { custom_fields: '{"cost":"Boss"}' });
    const { json } = await api("GET", `/companies/${company.id}/target-users/${user.id}`);
    expect(json).toMatchObject({ fields: { cost: null } });
  });

  it("are listed page by page, only the company's own", async () => {
    const { company, addUser } = await fillCompany();
    await (await fillCompany()).addUser("stranger");
    for (const userName of ["ada", "bea", "cid"]) await addUser(userName);
    const first = await api("GET", `/companies/${company.id}/target-users?limit=2`);
    expect(first.json.items).toMatchObject([{ userName: "ada" }, { userName: "bea" }]);
    const second = await api("GET", `/companies/${company.id}/target-users?limit=2&cursor=${first.json.nextCursor}`);
    expect(second.json).toMatchObject({ items: [{ userName: "cid" }], nextCursor: null });
  });

  it("are found by a SCIM filter; a wrong filter is 400 with the reason", async () => {
    const { company, addUser } = await fillCompany();
    await addUser("ada");
    await addUser("bea");
    const found = await api("GET", `/companies/${company.id}/target-users?filter=userName eq "ADA"`);
    expect(found.json).toMatchObject({ items: [{ userName: "ada" }], nextCursor: null });
    const wrong = await api("GET", `/companies/${company.id}/target-users?filter=userName is "ada"`);
    expect(wrong).toMatchObject({ status: 400, json: { title: "Bad Request", detail: expect.any(String) } });
  });

  it("of another company are 404, as members too", async () => {
    const { company, addTargetGroup } = await fillCompany();
    const other = await fillCompany();
    const stranger = await other.addUser("stranger");
    const group = await addTargetGroup("Sales");
    const base = `/companies/${company.id}`;
    expect((await api("GET", `${base}/target-users/${stranger.id}`)).status).toBe(404);
    expect((await api("PUT", `${base}/target-groups/${group.id}/members/${stranger.id}`)).status).toBe(404);
    expect((await api("GET", `${base}/enrolments?userId=${stranger.id}`)).status).toBe(404);
  });
});

describe("target groups", () => {
  it("are listed by name", async () => {
    const { company, addTargetGroup } = await fillCompany();
    for (const name of ["sales", "Board", "IT"]) await addTargetGroup(name);
    const first = await api("GET", `/companies/${company.id}/target-groups?limit=2`);
    expect(first.json.items).toMatchObject([{ name: "Board" }, { name: "IT" }]);
    const rest = await api("GET", `/companies/${company.id}/target-groups?limit=2&cursor=${first.json.nextCursor}`);
    expect(rest.json.items).toMatchObject([{ name: "sales", source: "manual", memberCount: 0 }]);
  });

  it("show each member once with every reason in plain words", async () => {
    const { company, setting, addUser, addTargetGroup, addReason } = await fillCompany();
    const group = await addTargetGroup("Sales", "field");
    const ada = await addUser("ada");
    const bea = await addUser("bea");
    await addReason(group.key, ada.key, "field", "department");
    await addReason(group.key, ada.key, "manual");
    await addReason(group.key, bea.key, "idp", "Sales EMEA", 5);
    const first = await api("GET", `/companies/${company.id}/target-groups/${group.id}/members?limit=1`);
    expect(first.json.items).toEqual([
      {
        userId: ada.id,
        userName: "ada",
        status: "active",
        reasons: [
          { kind: "field", settingId: setting.id, detail: 'department is "Sales"', requestId: "request-1" },
          { kind: "manual", settingId: null, detail: "added by hand", requestId: "request-1" },
        ],
      },
    ]);
    const next = `/companies/${company.id}/target-groups/${group.id}/members?limit=1&cursor=${first.json.nextCursor}`;
    expect((await api("GET", next)).json).toMatchObject({
      items: [{ userName: "bea", reasons: [{ detail: 'member of IdP group "Sales EMEA"' }] }],
      nextCursor: null,
    });
    const { json } = await api("GET", `/companies/${company.id}/target-users/${ada.id}`);
    expect(json.groups).toMatchObject([
      { id: group.id, name: "Sales", reasons: [{ kind: "field" }, { kind: "manual" }] },
    ]);
  });
});

describe("enrolments", () => {
  it("name the groups that hold them up today, and none once withdrawn", async () => {
    const { company, addUser, addTargetGroup, addReason, addEnrolment } = await fillCompany();
    const sales = await addTargetGroup("Sales");
    const board = await addTargetGroup("Board");
    const other = await addTargetGroup("Other");
    for (const group of [sales, board])
      await insert("auto_enrolments", {
        company_key: company.key,
        target_group_key: group.key,
        kind: "training",
        item_id: "course-1",
        name: "Course 1",
        created_at: 1,
      });
    const ada = await addUser("ada", { email: "Ada@x.test", email_key: "ada@x.test" });
    const twin = await addUser("ada2", { email: "ada@x.test", email_key: "ada@x.test" });
    await addReason(sales.key, ada.key, "manual");
    await addReason(board.key, twin.key, "manual");
    await addReason(other.key, ada.key, "manual");
    const old = await addEnrolment(ada.key, ada.id, { person_key: "ada@x.test", status: "withdrawn", withdrawn_at: 5 });
    const open = await addEnrolment(ada.key, ada.id, { person_key: "ada@x.test" });
    const list = async (query: string) => {
      const { json } = await api<List>("GET", `/companies/${company.id}/enrolments?${query}`);
      return json.items.map((item) => item.id);
    };
    const all = await api<List>("GET", `/companies/${company.id}/enrolments`);
    expect(all.json.items).toMatchObject([
      { id: old.id, status: "withdrawn", withdrawnAt: "1970-01-01T00:00:00.005Z", groupIds: [] },
      { id: open.id, userId: ada.id, itemId: "course-1", status: "active", withdrawnAt: null },
    ]);
    const [, active] = all.json.items;
    expect([...(active?.groupIds ?? [])].sort()).toEqual([sales.id, board.id].sort());
    expect(await list(`userId=${ada.id}`)).toEqual([old.id, open.id]);
    expect(await list(`userId=${twin.id}`)).toEqual([open.id]);
    expect(await list(`groupId=${board.id}`)).toEqual([open.id]);
    expect(await list(`groupId=${other.id}`)).toEqual([]);
    expect(await list("status=withdrawn&kind=training&itemId=course-1")).toEqual([old.id]);
    expect(await list("itemId=course-2")).toEqual([]);
    expect((await api("GET", `/companies/${company.id}/target-users/${twin.id}`)).json.enrolments).toMatchObject([
      { id: open.id },
    ]);
  });

  it("of a group are read as the same list that PUT takes", async () => {
    const { company, addTargetGroup } = await fillCompany();
    const group = await addTargetGroup("Sales");
    const path = `/companies/${company.id}/target-groups/${group.id}/auto-enrolments`;
    const item = { kind: "training", id: "course-1", name: "Course 1" };
    const seen: unknown[] = [];
    const watched = apiWith((operation) => {
      seen.push(operation);
      return { ok: true, outcome: { kind: "done" } };
    });
    expect((await watched("PUT", path, [item])).json).toEqual({ items: [], nextCursor: null });
    await watched("PUT", path, { items: [item], nextCursor: null });
    const operation = { kind: "setAutoEnrolments", targetGroupId: group.id, items: [item] };
    expect(seen).toEqual([operation, operation]);
    expect((await watched("PUT", path, [item, item])).status).toBe(400);
    const errors = [{ pointer: "/0/kind", detail: "Give one of: training, phishing." }];
    for (const body of [[{ ...item, kind: "quiz" }], { items: [{ ...item, kind: "quiz" }] }])
      expect(await watched("PUT", path, body)).toMatchObject({ status: 400, json: { errors } });
  });
});

describe("the provisioning log", () => {
  it("is newest first, filtered, with bodies only for one", async () => {
    const { company, setting, addLog } = await fillCompany();
    const made = await addLog({ label: "Ada@x.test", resource_id: "r1", time: 1000, request_body: '{"a":1}' });
    const refused = await addLog({ status: 409, method: "PATCH", time: 2000, notes: '["ignored: nickName"]' });
    const list = async (query: string) => {
      const { json } = await api<List>("GET", `/companies/${company.id}/scim-settings/${setting.id}/log?${query}`);
      return json.items.map((item) => item.id);
    };
    expect(await list("")).toEqual([refused.id, made.id]);
    expect(await list("outcome=success")).toEqual([made.id]);
    expect(await list("outcome=failure")).toEqual([refused.id]);
    expect(await list("status=409&method=patch")).toEqual([refused.id]);
    expect(await list("resourceId=r1")).toEqual([made.id]);
    expect(await list("user=ada")).toEqual([made.id]);
    expect(await list("from=1970-01-01T00:00:02Z")).toEqual([refused.id]);
    expect(await list("to=1970-01-01T00:00:01Z")).toEqual([made.id]);
    const one = await api("GET", `/companies/${company.id}/log/${made.id}`);
    expect(one.json).toMatchObject({ id: made.id, settingId: setting.id, outcome: "success", requestBody: '{"a":1}' });
    const other = await fillCompany();
    expect((await api("GET", `/companies/${other.company.id}/log/${made.id}`)).status).toBe(404);
  });
});
