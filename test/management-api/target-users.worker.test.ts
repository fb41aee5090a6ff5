import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany, insert } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

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
      personId: expect.stringMatching(/^[\w-]{22}$/),
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
      heldBy: null,
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
