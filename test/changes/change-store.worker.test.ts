import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { readFeed, selectHistory } from "../../src/changes/change-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { freeReads } from "../companies/free-reads.ts";
import { fillCompany, insert } from "../management-api/fill-company.ts";

it("a person's history is their changes alone, newest first, page by page, and back", async () => {
  const [one, two] = [await fillCompany("One"), await fillCompany("Two")];
  for (const { company } of [one, two])
    for (let seq = 1; seq <= 6; seq += 1)
      await insert("changes", {
        ...{ company_key: company.key, seq, type: "user.updated", time: seq, subject_kind: "user", subject_id: "u" },
        ...{ user_id: seq % 2 === 0 ? "ada" : seq === 5 ? null : "bob", data: "{}", cause: "{}" },
      });
  const read = async (after: number | null, before: number | null) =>
    (await runRead(openRegistry(env), selectHistory(one.company.key, "ada", { take: 2, after, before }))).rows.map(
      ({ seq }) => seq,
    );
  expect(await read(null, null)).toEqual([6, 4]);
  expect(await read(4, null)).toEqual([2]);
  // Back up: those newer than one, the nearest first.
  expect(await read(null, 2)).toEqual([4, 6]);
});

describe("a feed that is read for some types", () => {
  const COMPANY = 4_000_000;
  const asked: string[] = [];
  const database = openRegistry(env);
  const reads = freeReads(database, { rows: 100, bytes: 1 }, (what) => asked.push(what));
  const read = (after: number, types: string[] | null, take = 3) =>
    readFeed(database, COMPANY, { take, after, types }, reads);

  beforeAll(async () => {
    await env.DB.prepare(
      "INSERT INTO companies (company_key, id, name, change_seq, created_at) VALUES (?, 'f', 'F', 3000, 0)",
    )
      .bind(COMPANY)
      .run();
    // The oldest are purged.
    await env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
       WITH RECURSIVE n(x) AS (SELECT 201 UNION ALL SELECT x + 1 FROM n WHERE x < 3000)
       SELECT ?, x, CASE WHEN x IN (300, 2900, 2950) THEN 'user.deleted' ELSE 'user.updated' END, 0, 'user', 'u', '{}', '{}' FROM n`,
    )
      .bind(COMPANY)
      .run();
  });

  it("gives all of them in order, however rare, and how far the feed reaches", async () => {
    const { changes, bounds } = await read(0, ["user.deleted"]);
    expect(changes.rows.map(({ seq }) => seq)).toEqual([300, 2900, 2950]);
    expect(bounds).toEqual({ head: 3000, headMark: null, oldest: 201, markThere: null });
    expect((await read(300, ["user.deleted"], 1)).changes.rows.map(({ seq }) => seq)).toEqual([2900]);
    expect((await read(0, ["setting.created"])).changes.rows).toEqual([]);
    expect((await read(2950, ["user.deleted"])).changes.rows).toEqual([]);
  });

  it("asks for a share of the database only to look far", async () => {
    asked.length = 0;
    await read(0, null);
    await read(0, ["user.updated"]);
    await read(2_500, ["user.deleted"]);
    expect(asked).toEqual([]);
    await read(0, ["user.deleted"]);
    expect(asked).toEqual([expect.stringContaining("the change feed")]);
  });
});
