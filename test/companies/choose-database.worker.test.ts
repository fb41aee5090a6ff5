import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { announceCompany } from "../../src/changes/announce-company.ts";
import { chooseDatabase } from "../../src/companies/choose-database.ts";
import { createCompany, findCompany } from "../../src/companies/company-store.ts";
import type { Env } from "../../src/platform/env.ts";
import { aroundD1 } from "../tools/around-d1.ts";

const MEGABYTE = 1_000_000;

/** A database that says it holds so many bytes. */
function holding(d1: D1Database, bytes: number): D1Database {
  return aroundD1(d1, async (_, work) => {
    const answer = await work();
    // All that a batch gives: each statement's rows, and what D1 tells of them.
    for (const { meta } of Array.isArray(answer) ? (answer as D1Result[]) : []) meta.size_after = bytes;
    return answer;
  });
}

/** A deployment with these databases, that says nothing of where new companies go. */
function bound(databases: Record<string, D1Database>, names?: string): Env {
  const { DB2: _, NEW_COMPANIES_DB: __, ...others } = { ...env, NEW_COMPANIES_DB: undefined };
  return { ...others, ...databases, NEW_COMPANIES_DB: names } as Env;
}

/** Databases that hold so much (MB). The third one is the second's under another name: it has no company by its own. */
function threeThatHold(first: number, second: number, third: number) {
  return {
    DB: holding(env.DB, first * MEGABYTE),
    DB2: holding(env.DB2, second * MEGABYTE),
    DB3: holding(env.DB2, third * MEGABYTE),
  };
}

const broken = () => aroundD1(env.DB2, () => Promise.reject(new Error("no such table: companies")));

afterEach(() => vi.restoreAllMocks());

describe("a new company", () => {
  it("goes by turns to databases that hold as much as each other", async () => {
    const both = bound({ DB: holding(env.DB, MEGABYTE), DB2: holding(env.DB2, MEGABYTE) });
    const shards: string[] = [];
    for (let n = 0; n < 6; n += 1) shards.push((await createCompany(both, `Company ${n}`, n)).shard);
    expect(shards).toEqual(["DB", "DB2", "DB", "DB2", "DB", "DB2"]);
  });

  it.each([
    { holds: [300, 200, 100], goesTo: "DB3" },
    { holds: [300, 100, 200], goesTo: "DB2" },
    { holds: [100, 200, 300], goesTo: "DB" },
  ] as const)("goes to the database that holds least: of $holds MB to $goesTo", async ({ holds, goesTo }) => {
    const [first, second, third] = holds;
    const { id, shard } = await createCompany(bound(threeThatHold(first, second, third)), "Placed", 1);
    expect(shard).toBe(goesTo);
    expect(await env.DB.prepare("SELECT shard FROM companies WHERE id = ?").bind(id).first("shard")).toBe(goesTo);
  });

  it("goes by what the databases really hold", async () => {
    const both = bound({ DB: env.DB, DB2: env.DB2 });
    await env.DB2.prepare("CREATE TABLE ballast (body BLOB)").run();
    for (let n = 0; n < 3; n += 1) await env.DB2.prepare("INSERT INTO ballast VALUES (zeroblob(1000000))").run();
    expect(await chooseDatabase(both)).toBe("DB");
    await env.DB.prepare("CREATE TABLE ballast (body BLOB)").run();
    for (let n = 0; n < 6; n += 1) await env.DB.prepare("INSERT INTO ballast VALUES (zeroblob(1000000))").run();
    expect(await chooseDatabase(both)).toBe("DB2");
  });

  it("goes to none but those that NEW_COMPANIES_DB names", async () => {
    expect(await chooseDatabase(bound(threeThatHold(1, 300, 200), "DB2, DB3"))).toBe("DB3");
    expect(await chooseDatabase(bound(threeThatHold(1, 300, 200), "DB2"))).toBe("DB2");
    expect(await chooseDatabase(bound(threeThatHold(1, 300, 200), ""))).toBe("DB");
    await expect(chooseDatabase(bound(threeThatHold(1, 2, 3), "DB, DB9"))).rejects.toThrow("bound as DB9");
  });

  it("asks nobody where there is but one database", async () => {
    const silent = aroundD1(env.DB, () => Promise.reject(new Error("asked")));
    expect(await chooseDatabase(bound({ DB: silent }))).toBe("DB");
  });

  it("passes over a database that does not answer, and says so; it is not made when none does", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await chooseDatabase(bound({ DB: env.DB, DB2: broken() }))).toBe("DB");
    expect(told.mock.calls.flat().join()).toContain('"shard":"DB2"');
    await expect(chooseDatabase(bound({ DB: broken(), DB2: broken() }))).rejects.toThrow("no database");
  });
});

describe("a company that is made again, since it is not known what became of it", () => {
  const companyOf = (id: string) => ({ id, name: "Again", externalId: null, requestId: "r" });
  const announced = (d1: D1Database, key: number) =>
    d1.prepare("SELECT count(*) AS n FROM changes WHERE company_key = ?").bind(key).first("n");

  it.each(["DB", "DB2"])("stays where the registry says, whatever holds least by now: in %s", async (place) => {
    const other = place === "DB" ? "DB2" : "DB";
    const id = `again-${place}`;
    const more = { id, inDirectory: announceCompany(companyOf(id), 1) };
    // Of one that lives elsewhere the second row is not made at first.
    const deaf = aroundD1(env.DB2, () => Promise.reject(new Error("refused")));
    const first = createCompany(bound({ DB: env.DB, DB2: deaf }, place), "Again", 1, more);
    if (place === "DB") await first;
    else await expect(first).rejects.toThrow("refused");
    const made = await createCompany(bound({ DB: env.DB, DB2: env.DB2 }, other), "Again", 2, more);
    expect(made.shard).toBe(place);
    expect(await findCompany(env, id)).toEqual(made);
    const [own, elsewhere] = place === "DB" ? [env.DB, env.DB2] : [env.DB2, env.DB];
    expect(await announced(own, made.key)).toBe(1);
    expect(await announced(elsewhere, made.key)).toBe(0);
  });
});
