import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { feedCursor } from "../../src/changes/feed-cursor.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";

describe("a company from before migration 0027", () => {
  it("keeps the ids and cursors of its changes, and the next ones have marks", async () => {
    const { companyId, send } = await newClient();
    const base = `/companies/${companyId}`;
    // As the columns came to the rows that were there.
    const ofCompany = "company_key = (SELECT company_key FROM companies WHERE id = ?)";
    await env.DB.prepare(`UPDATE changes SET mark = NULL WHERE ${ofCompany}`).bind(companyId).run();
    const row = "SELECT external_id, metadata, is_to_copy, purged_mark FROM companies WHERE id = ?";
    expect(await env.DB.prepare(row).bind(companyId).first()).toEqual({
      ...{ external_id: null, metadata: "{}", is_to_copy: 0, purged_mark: null },
    });
    const before = (await operate("GET", `${base}/changes`)).json.items;
    expect(before.map(({ id }: { id: string }) => id)).toEqual([1, 2, 3].map((seq) => `${companyId}-${seq}`));
    expect(before[1].cursor).toBe(feedCursor(companyId, { seq: 2, mark: null }));
    await send("POST", "/Users", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "ada" });
    const { items } = (await operate("GET", `${base}/changes?after=${before[2].cursor}`)).json;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([expect.stringMatching(/-4-[0-9a-f]{12}$/)]);
    expect((await operate("GET", `${base}/changes?after=3`)).json.items).toEqual(items);
    // A cursor from before that leads past what is there by now does not mean what is there.
    expect((await operate("GET", `${base}/changes?after=4`)).json.code).toBe("epoch_changed");
  });
});
