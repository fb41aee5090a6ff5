import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

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
          {
            ...{ kind: "field", settingId: setting.id, detail: 'department is "Sales"' },
            ...{ requestId: "request-1", heldBy: null },
          },
          { kind: "manual", settingId: null, detail: "added by hand", requestId: "request-1", heldBy: null },
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
