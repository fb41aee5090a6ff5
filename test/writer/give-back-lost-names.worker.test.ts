import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { indexedReads } from "../../src/companies/split-long-reads.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { previewChange } from "../../src/previews/preview-change.ts";
import { readConfig } from "../../src/unit/read-company-config.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requireOutcome, targetMembers } from "./bench.ts";
import { age } from "./old-company.ts";
import { namesIn, OF_COMPANY } from "./old-twins.ts";
import { enrolIn, openEnrolments } from "./target-side.ts";

/** A company with twins, as renewing left it. */
interface Twins {
  bench: Bench;
  writer: CompanyWriter;
  client: Client;
  older: string;
  younger: string;
}

async function twins(): Promise<Twins> {
  const bench = await newBench({ criteria: "idp" });
  const client = new Client(bench.writer, bench.settingId);
  const older = await client.user("QaQ");
  const younger = await client.user("QbQ");
  await age(bench.companyId, { QaQ: "Straße", QbQ: "STRASSE" });
  const writer = bench.another();
  await finishFollowUps(writer);
  return { bench, writer, client: client.through(writer), older, younger };
}

async function keysOf({ companyId }: Bench): Promise<Record<string, string>> {
  const rows = await namesIn(companyId, "users", ["user_key", "user_name", "user_name_key"]);
  return Object.fromEntries(rows.map(({ name, key }) => [name, key.replace(/\d+$/, "")]));
}

async function countLost({ companyId }: Bench): Promise<number> {
  const sql = `SELECT count(*) AS n FROM lost_names WHERE ${OF_COMPANY}`;
  return Number(await env.DB.prepare(sql).bind(companyId).first("n"));
}

describe("two users of one name", () => {
  let there: Twins;
  beforeEach(async () => {
    there = await twins();
    expect(await keysOf(there.bench)).toEqual({ Straße: "strasse", STRASSE: "strasse LOST " });
    expect(await countLost(there.bench)).toBe(1);
  });

  it("the younger gets it when the older is deleted, and nobody else can take it then", async () => {
    requireOutcome(await there.client.deleteUser(there.older));
    expect(await keysOf(there.bench)).toEqual({ STRASSE: "strasse" });
    expect(await there.client.postUser("straße")).toMatchObject({ ok: false, status: 409 });
    expect(await countLost(there.bench)).toBe(0);
  });

  it("the younger gets it when the older is renamed", async () => {
    requireOutcome(await there.client.patchUser(there.older, { op: "replace", path: "userName", value: "other" }));
    expect(await keysOf(there.bench)).toEqual({ other: "other", STRASSE: "strasse" });
    expect(await countLost(there.bench)).toBe(0);
  });

  it("the younger is changed without a word of its name, and is over it when it is renamed", async () => {
    requireOutcome(await there.client.patchUser(there.younger, { op: "replace", path: "title", value: "T" }));
    expect(await countLost(there.bench)).toBe(1);
    requireOutcome(await there.client.patchUser(there.younger, { op: "replace", path: "userName", value: "strasse" }));
    expect(await countLost(there.bench)).toBe(1);
    requireOutcome(await there.client.patchUser(there.younger, { op: "replace", path: "userName", value: "new" }));
    expect(await keysOf(there.bench)).toEqual({ Straße: "strasse", new: "new" });
    expect(await countLost(there.bench)).toBe(0);
  });

  it("the younger leaves nothing behind when it is deleted", async () => {
    requireOutcome(await there.client.deleteUser(there.younger));
    expect(await countLost(there.bench)).toBe(0);
    requireOutcome(await there.client.deleteUser(there.older));
    expect(await keysOf(there.bench)).toEqual({});
  });
});

describe("two groups of one name", () => {
  it("go on apart with their mirrors; the younger ones get the name when the older ones go", async () => {
    const bench = await newBench({ criteria: "idp" });
    const made = new Client(bench.writer, bench.settingId);
    const [ann, bob] = [await made.user("ann"), await made.user("bob")];
    const older = await made.group("QdQ", [ann]);
    const younger = await made.group("QeQ", [bob]);
    await age(bench.companyId, { QdQ: "ΝΙΚΟΣ", QeQ: "νικοσ" });
    const writer = bench.another();
    await finishFollowUps(writer);
    const client = made.through(writer);
    requireOutcome(await client.putGroup(younger, "νικοσ", [bob, ann]));
    expect(await targetMembers(bench.companyId)).toEqual({ ΝΙΚΟΣ: ["ann"], νικοσ: ["ann", "bob"] });
    expect(await countLost(bench)).toBe(2);
    requireOutcome(await client.deleteGroup(older));
    expect(await targetMembers(bench.companyId)).toEqual({ νικοσ: ["ann", "bob"] });
    expect(await countLost(bench)).toBe(0);
    expect(await client.postGroup("Νικος")).toMatchObject({ ok: false, status: 409, code: "group_name_taken" });
  });
});

describe("two target groups of one value", () => {
  it("keep whom they have, without a loss; who comes goes into the older one, as the preview says", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const settingId = await addSetting(bench.writer, { criteria: "field", field: "department" });
    const made = new Client(bench.writer, settingId);
    const ids = [await made.user("one", "QhQ"), await made.user("two", "QiQ")];
    await finishFollowUps(bench.writer);
    await enrolIn(bench, "QiQ", [{ kind: "training", id: "T", name: "T" }]);
    const open = await openEnrolments(bench);
    await age(bench.companyId, { QhQ: "Fuß", QiQ: "FUSS" });
    const writer = bench.another();
    await finishFollowUps(writer);
    const client = made.through(writer);
    for (const id of ids) requireOutcome(await client.patchUser(id, { op: "replace", path: "title", value: "T" }));
    await client.user("three", "fuss");
    expect(await targetMembers(bench.companyId)).toEqual({ All: [], FUSS: ["two"], Fuß: ["one", "three"] });
    expect(await openEnrolments(bench)).toEqual(open);
    const config = await readConfig(env.DB, bench.companyId, Date.now());
    const setting = config?.settings.get(settingId);
    if (config === null || setting === undefined) throw new Error("the setting is gone");
    const proposal = { mappings: setting.mappings, groupSettings: { criteria: "field" as const, field: "department" } };
    const page = { limit: 10, start: 0 };
    const preview = await previewChange(indexedReads(openRegistry(env)), config.companyKey, setting, proposal, page);
    expect(preview).toMatchObject({ joins: 0, leaves: 0 });
    requireOutcome(await client.deleteUser(ids[0] ?? ""));
    expect(await countLost(bench)).toBe(1);
  });
});
