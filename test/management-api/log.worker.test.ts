import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

interface List {
  items: { id: string; groupIds: string[] }[];
  nextCursor: string | null;
}

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

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
