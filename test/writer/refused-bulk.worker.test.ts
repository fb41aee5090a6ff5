import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import type { Json } from "../../src/scim/json.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { Client, logRowOf, newBench, requestOf, requireOutcome } from "./bench.ts";

/** A company on a clock that stands still, so that no share comes together again, with one user. */
async function newCompany() {
  const { settingId, another } = await newBench({ criteria: "none", targetGroupName: "All" });
  const clock = { now: 1_900_000_000_000 };
  const writer = another({ clock: () => clock.now });
  const client = new Client(writer, settingId);
  await client.user("ada");
  /** A Bulk request of creates, refused where the name is taken. */
  const bulk = (count: number, nameOf: (n: number) => string) => {
    const items: Json[] = Array.from({ length: count }, (_, n) => ({
      ...{ method: "POST", path: "/Users", bulkId: `b${n}`, data: { userName: nameOf(n) } },
    }));
    const request = requestOf({ kind: "bulk", settingId, items }, { settingId });
    const sent = writer.write({
      ...request,
      log: logRowOf(request, settingId, { path: "/scim/v2/Bulk", status: 200 }),
    });
    return { id: request.cause.requestId, sent };
  };
  return { client, clock, writer, bulk };
}

function statusesOf(result: WriteResult): Map<number, number> {
  const outcome = requireOutcome(result);
  if (outcome.kind !== "bulk") throw new Error("not of a Bulk request");
  const counts = new Map<number, number>();
  for (const { status } of outcome.items) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

describe("Bulk requests whose operations are refused", () => {
  it("end when they have cost the company its share: those that wait are not tried, and are told so", async () => {
    const { client, bulk } = await newCompany();
    const sent = Array.from({ length: 5 }, () => bulk(900, () => "ada"));
    const results = await Promise.all(sent.map((one) => one.sent));
    const tried = results.filter(({ ok }) => ok).map((result) => statusesOf(result).get(409) ?? 0);
    const all = tried.reduce((sum, count) => sum + count, 0);
    expect(all).toBeGreaterThanOrEqual(1_000);
    // Each costs a millisecond at least; what was in a commit already is finished.
    expect(all).toBeLessThan(BURST + 1_000);
    const [last] = results.slice(-1);
    expect(last).toMatchObject({ ok: false, code: "share_used_up", status: 429, retryAfter: expect.any(Number) });
    // Nobody else waits for it.
    expect((await client.postUser("bob")).ok).toBe(true);
  });

  it("have their row in the log also where their last operation was not tried", async () => {
    const { bulk } = await newCompany();
    const sent = Array.from({ length: 3 }, () => bulk(900, () => "ada"));
    const results = await Promise.all(sent.map((one) => one.sent));
    const partly = results.findIndex((result) => result.ok && statusesOf(result).has(429));
    expect(partly).toBeGreaterThan(0);
    const row = () => env.DB.prepare(`SELECT status FROM ${EVERY_REQUEST} WHERE id = ?`).bind(sent[partly]?.id).first();
    await expect.poll(row).toEqual({ status: 200 });
  });

  it("are tried again when a share has come together, and cost nothing where nothing is refused", async () => {
    const { clock, bulk } = await newCompany();
    const [made] = [await bulk(1_000, (n) => `u${n}`).sent];
    expect(requireOutcome(made)).toMatchObject({ kind: "bulk", refusedTime: 0 });
    for (let n = 0; n < 3; n += 1) await bulk(1_000, () => "ada").sent;
    expect((await bulk(1, () => "ada").sent).ok).toBe(false);
    clock.now += 600_000;
    expect(statusesOf(await bulk(1, () => "ada").sent)).toEqual(new Map([[409, 1]]));
  });
});
