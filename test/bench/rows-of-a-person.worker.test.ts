import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { costOfRequests } from "./workers/cost-of-requests.ts";

it("a person of a first sync, and each operation, writes no more rows than these", async () => {
  const { single, sync, people } = await costOfRequests(env, 3);
  console.log(JSON.stringify({ single, sync, people }, null, 1));
  const written = Object.values(sync.tables).reduce((sum, rows) => sum + rows, 0) / people;
  console.log("N", written);
  expect(written).toBeLessThanOrEqual(22);
});
