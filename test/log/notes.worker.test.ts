import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { must } from "../safety/populated-company.ts";
import { newClient, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";

async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer) {
  return must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200).notes;
}

async function pageOf({ companyId }: ScimClient, path: string): Promise<string> {
  const sql = "SELECT company_key FROM companies WHERE id = ?";
  const key = await env.DB.prepare(sql).bind(companyId).first<number>("company_key");
  return (await getPage(`/console/companies/${companyId}${path}`, await signInAdmin(key ?? 0))).text();
}

async function listed({ settingId }: ScimClient): Promise<Record<string, unknown>[]> {
  const sql = `SELECT kind, path, request_id FROM sent_not_used WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)
    ORDER BY kind, path`;
  return (await env.DB.prepare(sql).bind(settingId).all()).results;
}

describe("notes", () => {
  it("have a kind, a path and a value in the API, and a sentence in the console", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "ada", shoeSize: 44 });
    expect(await notesOf(client, made)).toEqual([{ kind: "unknown_attribute", path: "shoeSize", value: "44" }]);
    const page = await pageOf(client, `/log/${made.headers.get("x-request-id")}`);
    expect(page).toContain("shoeSize is not an attribute of any schema; it was ignored (&quot;44&quot;).");
  });

  it("of a time without kinds are shown as they are", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "ada" });
    await env.DB.prepare("UPDATE request_log SET notes = ? WHERE id = ?")
      .bind('["Mass change: 21 of 40."]', made.headers.get("x-request-id"))
      .run();
    expect(await notesOf(client, made)).toEqual([{ kind: "text", path: null, value: "Mass change: 21 of 40." }]);
    const page = await pageOf(client, `/log/${made.headers.get("x-request-id")}`);
    expect(page).toContain("<li>Mass change: 21 of 40.</li>");
  });

  it("of a person that is erased keep their kinds and the names of attributes", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "ada", shoeSize: "44 of Ada", "ada@x.test": 1 });
    expect(await notesOf(client, made)).toHaveLength(2);
    must(await client.send("DELETE", `/Users/${made.json.id}`), 204);
    expect(await notesOf(client, made)).toEqual([
      { kind: "unknown_attribute", path: "shoeSize", value: null },
      { kind: "unknown_attribute", path: null, value: null },
    ]);
  });
});

describe("what is sent and not used", () => {
  it("is listed once for a setting, however often it comes, with no value, and shown on its page", async () => {
    const client = await newClient();
    const send = (userName: string) =>
      client.send("POST", "/Users", { userName, shoeSize: "44 of Ada", "ada@x.test": 1 });
    const first = await send("ada");
    await send("bo");
    const row = { kind: "unknown_attribute", path: "shoeSize", request_id: first.headers.get("x-request-id") };
    expect(await listed(client)).toEqual([row]);
    const page = await pageOf(client, `/settings/${client.settingId}`);
    expect(page).toContain("Sent, not used");
    expect(page.split("shoeSize is not an attribute")).toHaveLength(2);
    expect(page).not.toContain("44 of Ada");
  });

  it("is not listed where the request was refused, or for events", async () => {
    const client = await newClient();
    expect((await client.send("POST", "/Users", { shoeSize: 44 })).status).toBe(400);
    expect(await listed(client)).toEqual([]);
  });

  it("is bounded for a setting", async () => {
    const client = await newClient();
    for (let start = 0; start < 8; start += 1) {
      const names = Array.from({ length: 19 }, (_, n) => [`odd${start}x${n}`, "v"]);
      must(await client.send("POST", "/Users", { userName: `u${start}`, ...Object.fromEntries(names) }), 201);
    }
    expect((await listed(client)).length).toBeLessThanOrEqual(119);
  });
});
