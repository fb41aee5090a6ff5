import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { Client, newBench, requestOf } from "./bench.ts";
import { RecordingD1 } from "./recording-d1.ts";

/** The members that a result shows, by their names; null for one that shows none. */
function shownIn(result: WriteResult | undefined): string[] | null {
  if (!result?.ok || result.outcome.kind !== "group") throw new Error("no group");
  return result.outcome.group.related?.map(({ display }) => display).sort() ?? null;
}

async function newGroup(names: readonly string[]) {
  const bench = await newBench({ criteria: "idp" });
  const recorder = new RecordingD1(env.DB);
  const writer = bench.another({ d1: recorder.d1 });
  const client = new Client(writer, bench.settingId);
  const ids = await Promise.all(names.map((name) => client.user(name)));
  const id = await client.group("Crew", ids.slice(0, 1));
  const { settingId } = bench;
  const put = (members: readonly string[]): Operation => ({
    ...{ kind: "replaceGroup", settingId, id, document: { displayName: "Crew" } },
    members: members.map((value) => ({ value })),
  });
  const show = (operation: Operation) => writer.write({ ...requestOf(operation), showsMembers: true });
  return { ids, put, show, client, recorder };
}

describe("a write whose answer shows the members of its group", () => {
  it("tells them as its own commit leaves them", async () => {
    const { ids, put, show } = await newGroup(["ada", "bob"]);
    expect(shownIn(await show(put(ids)))).toEqual(["ada", "bob"]);
    expect(shownIn(await show(put([])))).toEqual([]);
  });

  it("tells them with what others changed in the same commit", async () => {
    const { ids, put, show, recorder } = await newGroup(["ada", "bob", "cem"]);
    recorder.clear();
    const both = await Promise.all([show(put(ids.slice(0, 2))), show(put(ids.slice(1)))]);
    expect(both.map(shownIn)).toEqual([
      ["bob", "cem"],
      ["bob", "cem"],
    ]);
    expect(recorder.trips).toBe(2);
  });

  it("tells them where it changes nothing, and leaves a long list to the door", async () => {
    const { ids, put, show, client } = await newGroup(["ada", "bob"]);
    expect(shownIn(await show(put(ids)))).toEqual(["ada", "bob"]);
    expect(shownIn(await show(put(ids)))).toEqual(["ada", "bob"]);
    const many = Array.from({ length: 1_001 }, (_, n) => client.user(`p${n}`));
    expect(shownIn(await show(put(await Promise.all(many))))).toBeNull();
  });
});
