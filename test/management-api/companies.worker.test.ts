import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

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
      externalId: null,
      metadata: {},
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      heldUpWork: [],
    });
  });
});
