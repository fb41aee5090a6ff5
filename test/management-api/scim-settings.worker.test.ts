import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany, insert } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

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
