import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import { Client, idOf, NO_BRAKE, newBench, requestOf, requireOutcome } from "./bench.ts";
import { RecordingD1 } from "./recording-d1.ts";
import { enrolIn } from "./target-side.ts";

// Last use is written once a minute: the clock stands.
const NOW = Date.now();

/** What requests cost in a setting that starts so: trips to D1, and rows written, by what they are. */
async function costsIn(mode: "live" | "shadow"): Promise<Record<string, { trips: number; rowsWritten: number }>> {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  await enrolIn(bench, "All", [{ kind: "training", id: "t", name: "T" }]);
  const recorder = new RecordingD1(env.DB);
  const writer = bench.another({ d1: recorder.d1, clock: () => NOW });
  const id = newId(NOW);
  const made = { kind: "createSetting", id, name: "T", provider: "other", mode, safeguards: NO_BRAKE } as const;
  const groupSettings = { criteria: "idp", targetGroupName: "All" } as const;
  requireOutcome(await writer.write(requestOf({ ...made, fieldMappings: [], groupSettings })));
  const client = new Client(writer, id);
  const costs: Record<string, { trips: number; rowsWritten: number }> = {};
  const cost = async (what: string, send: () => Promise<WriteResult>) => {
    recorder.clear();
    const result = await send();
    requireOutcome(result);
    const rowsWritten = recorder.statements.reduce((sum, statement) => sum + statement.rowsWritten, 0);
    costs[what] = { trips: recorder.trips, rowsWritten };
    return result;
  };
  await client.user("warm");
  const user = idOf(await cost("create", () => client.postUser("ada", "Sales")));
  const group = idOf(await cost("create a group", () => client.postGroup("Crew")));
  await cost("change", () => client.patchUser(user, { op: "replace", path: "displayName", value: "Ada" }));
  await cost("add a member", () => client.patchGroup(group, { op: "add", path: "members", value: [{ value: user }] }));
  await cost("deactivate", () => client.patchUser(user, { op: "replace", path: "active", value: false }));
  await cost("activate", () => client.patchUser(user, { op: "replace", path: "active", value: true }));
  await cost("delete", () => client.deleteUser(user));
  return costs;
}

it("a request costs no trip and no row more in a setting in shadow than in one that is live", async () => {
  const [live, shadow] = [await costsIn("live"), await costsIn("shadow")];
  expect(Object.keys(shadow)).toHaveLength(7);
  for (const [what, { trips, rowsWritten }] of Object.entries(shadow)) {
    expect(trips, what).toBe(live[what]?.trips);
    expect(rowsWritten, what).toBeLessThan(live[what]?.rowsWritten ?? 0);
  }
});
