import { describe, expect, it } from "vitest";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newClient, operate, type ScimClient } from "../scim-api/scim-client.ts";

const user = { userName: "ada@example.com" };

/** The logged requests of a client, oldest first: method, status, code and keyword. */
async function listLogged(client: ScimClient) {
  await waitForLogAndWork(client);
  const log = await operate("GET", `/companies/${client.companyId}/scim-settings/${client.settingId}/log?limit=200`);
  return log.json.items
    .toReversed()
    .filter(({ path }: { path: string }) => !path.includes("count=1"))
    .map(({ method, status, code, scimType }: Record<string, unknown>) => [method, status, code, scimType]);
}

describe("the provisioning log", () => {
  it("keeps why a request was refused, by the writer and at the door, and nothing for what was done", async () => {
    const client = await newClient();
    await client.send("POST", "/Users", user);
    await client.send("POST", "/Users", user);
    await client.send("GET", "/Users?filter=userName");
    await client.send("PATCH", "/Users/0192f0aa-0000-7000-8000-000000000000", {
      Operations: [{ op: "replace", path: "title", value: "x" }],
    });
    expect(new Set(await listLogged(client))).toEqual(
      new Set([
        ["POST", 201, null, null],
        ["POST", 409, "user_name_taken", "uniqueness"],
        ["GET", 400, "invalid_filter", "invalidFilter"],
        ["PATCH", 404, "no_such_user", null],
      ]),
    );
  });

  it("keeps it in the API's shape of one request too, and leaves it out of the answer that SCIM has a shape for", async () => {
    const client = await newClient();
    const path = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    await operate("POST", `${path}/pause`);
    const refused = await client.send("POST", "/Users", user);
    expect(Object.keys(refused.json)).toEqual(["schemas", "status", "detail"]);
    await operate("POST", `${path}/resume`);
    await waitForLogAndWork(client);
    const id = refused.headers.get("x-request-id");
    const entry = await operate("GET", `/companies/${client.companyId}/log/${id}`);
    expect(entry.json).toMatchObject({ status: 403, code: "setting_paused", scimType: null });
  });
});
