import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { seedUsers } from "../bench/workers/seed-directory.ts";
import { must } from "../safety/populated-company.ts";
import { dumpCompany } from "../safety/state-digest.ts";
import { waitForLogAndWork as settleLog } from "../safety/wait-for-log-and-work.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";
import {
  type Bench,
  Client,
  finishFollowUps,
  groupMembers,
  logRowOf,
  newBench,
  requestOf,
  requireOutcome,
} from "../writer/bench.ts";
import { moveFence } from "../writer/foreign-commit.ts";

async function nextKey(companyId: string): Promise<number> {
  return Number(await env.DB.prepare("SELECT next_key FROM companies WHERE id = ?").bind(companyId).first("next_key"));
}

async function setNextKey(companyId: string, key: number): Promise<void> {
  await env.DB.prepare("UPDATE companies SET next_key = ?2 WHERE id = ?1").bind(companyId, key).run();
  await moveFence(companyId);
}

/** Has the target group of an IdP group enrol its members. */
async function enrolling({ companyId }: Bench): Promise<Operation> {
  const target = await env.DB.prepare(
    "SELECT t.id FROM target_groups t JOIN companies c USING (company_key) WHERE c.id = ? AND t.name = 'Crew'",
  )
    .bind(companyId)
    .first<string>("id");
  const items = [{ kind: "training" as const, id: "course", name: "Course" }];
  return { kind: "setAutoEnrolments", targetGroupId: target ?? "", items };
}

async function enrollingGroup(bench: Bench): Promise<{ client: Client; group: string }> {
  const client = new Client(bench.writer, bench.settingId);
  const group = await client.group("Crew");
  requireOutcome(await client.send(await enrolling(bench)));
  await finishFollowUps(bench.writer);
  return { client, group };
}

/** Tables whose rows have a key of their company's, and that key. */
const KEYED: Record<string, string> = {
  users: "user_key",
  groups: "group_key",
  target_groups: "target_group_key",
  enrolments: "enrolment_key",
  scim_settings: "setting_key",
  webhooks: "webhook_key",
};

/** How many rows lie outside their company's span. */
async function strays(): Promise<number> {
  const counts = Object.entries(KEYED).map(([table, key]) =>
    env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${key} / ${KEY_SPAN} <> company_key`),
  );
  const answers = await env.DB.batch<{ n: number }>(counts);
  return answers.reduce((sum, { results }) => sum + (results[0]?.n ?? 0), 0);
}

describe("what is written for every request", () => {
  it("uses none of the company's keys: reads, refusals and writes", async () => {
    const client = await newClient({ groupSettings: { criteria: "field", field: "department" } });
    const user = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    await settleLog(client);
    const before = await nextKey(client.companyId);
    for (let n = 0; n < 5; n += 1) {
      must(await client.send("GET", `/Users/${user.id}`), 200);
      must(await client.send("GET", '/Users?filter=userName eq "nobody"'), 200);
      must(await client.send("POST", "/Users", { userName: "ada" }), 409);
      must(await client.send("GET", "/Users/unknown"), 404);
      must(await client.send("PUT", `/Users/${user.id}`, { userName: "ada", title: `Title ${n}` }), 200);
    }
    await settleLog(client);
    expect(await nextKey(client.companyId)).toBe(before);
    const { items } = must(
      await operate("GET", `/companies/${client.companyId}/scim-settings/${client.settingId}/log`),
      200,
    );
    expect(items.length).toBeGreaterThan(25);
  });

  it("is listed newest first, page by page, by the keys that D1 gives", async () => {
    const { companyId, settingId, writer } = await newBench({ criteria: "idp" });
    const written: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const request = requestOf({ kind: "changeCompany", name: `Name ${n}` });
      requireOutcome(await writer.write({ ...request, log: logRowOf(request, settingId) }));
      written.unshift(request.cause.requestId);
    }
    const listed: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = cursor === "" ? "limit=2" : `limit=2&cursor=${cursor}`;
      const page = must(await operate("GET", `/companies/${companyId}/scim-settings/${settingId}/log?${query}`), 200);
      listed.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual(written);
  });
});

const BY_FIELD = { criteria: "field" as const, field: "department" };
const REMAPPED = [{ field: "department", path: "title" }];

/** How many enrolments of a company are active, and how much work it has left. */
async function enrolled({ companyId }: { companyId: string }) {
  const count = (from: string) =>
    env.DB.prepare(`SELECT count(*) AS n FROM ${from} JOIN companies c USING (company_key) WHERE c.id = ?`)
      .bind(companyId)
      .first<number>("n");
  return {
    active: await count("(SELECT * FROM enrolments WHERE withdrawn_at IS NULL)"),
    waiting: await count("replans r"),
  };
}

/** What the Worker logs. */
let logged: ReturnType<typeof vi.spyOn>;
// biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the expectations.
const lines = (): any[] => logged.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)));
beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});

/** A company whose group Crew, with 3 members, enrols in nothing yet. */
async function crewOfThree() {
  const bench = await newBench({ criteria: "idp" });
  const client = new Client(bench.writer, bench.settingId);
  const ids = [await client.user("one"), await client.user("two"), await client.user("three")];
  const group = await client.group("Crew", ids);
  return { ...bench, client, ids, group };
}

describe("a company at the end of its keys", () => {
  it("refuses new people loudly, and the next company's list has none of them", async () => {
    const client = await newClient();
    const next = await newClient();
    must(await next.send("POST", "/Users", { userName: "theirs" }), 201);
    await setNextKey(client.companyId, KEY_SPAN - 3);
    const statuses: number[] = [];
    for (let n = 0; n < 10; n += 1)
      statuses.push((await client.send("POST", "/Users", { userName: `late${n}` })).status);
    expect(statuses).toEqual([201, 201, 201, ...Array(7).fill(403)]);
    const listed = async (companyId: string) =>
      must(await operate("GET", `/companies/${companyId}/target-users`), 200).items.map(
        ({ userName }: { userName: string }) => userName,
      );
    expect(await listed(next.companyId)).toEqual(["theirs"]);
    expect(await listed(client.companyId)).toEqual(["late0", "late1", "late2"]);
    expect(await strays()).toBe(0);
    const refused = await client.send("POST", "/Users", { userName: "later" });
    expect(refused.json.detail).toContain("used up its row keys");
    await settleLog(client);
    const entry = must(
      await operate("GET", `/companies/${client.companyId}/log/${refused.headers.get("x-request-id")}`),
      200,
    );
    expect(entry).toMatchObject({ status: 403, detail: refused.json.detail });
  });

  const webhook = { id: "hook", url: "https://hooks.example/in", allowsLoopback: false, types: null };
  const operations: ((bench: Pick<Bench, "settingId">) => Operation)[] = [
    ({ settingId }) => ({ kind: "createUser", settingId, document: { userName: "late" } }),
    ({ settingId }) => ({ kind: "createGroup", settingId, document: { displayName: "Late" } }),
    () => ({ kind: "createTargetGroup", name: "Late" }),
    () => ({ kind: "createWebhook", webhook: { ...webhook, secret: { id: "first", sealed: "sealed" } } }),
    ({ settingId }) => ({
      ...{ kind: "updateSetting", settingId },
      groupSettings: { criteria: "none", targetGroupName: "Late" },
    }),
    () => ({
      ...{ kind: "createSetting", id: crypto.randomUUID(), name: "Late", provider: "other", fieldMappings: [] },
      ...{ groupSettings: { criteria: "idp" }, token: { id: crypto.randomUUID(), lastFour: "abcd", expiresAt: null } },
    }),
  ];

  it.each(operations.map((of) => ({ of, kind: of({ settingId: "" }).kind })))(
    "refuses whatever would make a row, and writes nothing: $kind",
    async ({ of }) => {
      const bench = await newBench({ criteria: "idp" });
      await setNextKey(bench.companyId, KEY_SPAN);
      const before = await env.DB.prepare("SELECT * FROM companies WHERE id = ?").bind(bench.companyId).first();
      const result = await bench.another().write(requestOf(of(bench)));
      expect(result).toMatchObject({ ok: false, status: 403, detail: expect.stringContaining("used up its row keys") });
      expect(await env.DB.prepare("SELECT * FROM companies WHERE id = ?").bind(bench.companyId).first()).toEqual(
        before,
      );
      expect(lines()).toContainEqual(
        expect.objectContaining({ level: "error", room: "writer", companyId: bench.companyId }),
      );
    },
  );
});

describe("a company at the end of its keys, of many at once", () => {
  it("refuses them one by one in a Bulk request", async () => {
    const { settingId, companyId, writer } = await newBench({ criteria: "idp" });
    await setNextKey(companyId, KEY_SPAN - 1);
    const create = (userName: string) => ({ method: "POST", path: "/Users", bulkId: userName, data: { userName } });
    const items = [create("first"), create("second")];
    const outcome = requireOutcome(await writer.write(requestOf({ kind: "bulk", settingId, items })));
    expect(outcome).toMatchObject({ items: [{ status: 201 }, { status: 403 }] });
    expect(lines()).toHaveLength(1);
  });

  it("refuses a list of members as a whole, though a part of it would have found room", async () => {
    const bench = await newBench({ criteria: "idp" });
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: 600 });
    const { client, group } = await enrollingGroup(bench);
    await setNextKey(bench.companyId, KEY_SPAN - 500);
    expect(await client.through(bench.another()).putGroup(group, "Crew", ids)).toMatchObject({
      ok: false,
      status: 403,
    });
    expect(await groupMembers(group)).toEqual([]);
    expect(lines()[0]).toMatchObject({ room: "writer", companyId: bench.companyId });
  });

  it.each<[string, (crew: Awaited<ReturnType<typeof crewOfThree>>) => Promise<Operation>]>([
    ["auto-enrolments", (crew) => enrolling(crew)],
    [
      "another grouping",
      async ({ settingId }) => ({ ...{ kind: "updateSetting", settingId }, groupSettings: BY_FIELD }),
    ],
    [
      "another mapping",
      async ({ settingId }) => ({ ...{ kind: "updateSetting", settingId }, fieldMappings: REMAPPED }),
    ],
  ])("refuses what leaves work that may want keys, before anything is done: %s", async (_, operationOf) => {
    const crew = await crewOfThree();
    const operation = await operationOf(crew);
    for (const left of [0, 1, 3]) {
      await setNextKey(crew.companyId, KEY_SPAN - left);
      const before = await dumpCompany(crew.companyId);
      const result = await crew.another().write(requestOf(operation));
      expect(result).toMatchObject({ ok: false, status: 403, code: "keys_used_up" });
      expect(await dumpCompany(crew.companyId)).toEqual(before);
    }
  });

  it("refuses a long list of members where they would be enrolled, and takes one where nothing wants a key", async () => {
    const bench = await newBench({ criteria: "idp" });
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: 1_001 });
    const client = new Client(bench.writer, bench.settingId);
    const group = await client.group("Crew");
    const other = await client.group("Other");
    await setNextKey(bench.companyId, KEY_SPAN);
    const writer = bench.another();
    requireOutcome(await client.through(writer).putGroup(other, "Other", ids));
    await finishFollowUps(writer);
    await setNextKey(bench.companyId, 10_000);
    requireOutcome(await bench.another().write(requestOf(await enrolling(bench))));
    await setNextKey(bench.companyId, KEY_SPAN);
    const refused = await client.through(bench.another()).putGroup(group, "Crew", ids);
    expect(refused).toMatchObject({ ok: false, status: 403, code: "keys_used_up" });
    expect(await groupMembers(group)).toEqual([]);
    expect(await groupMembers(other)).toHaveLength(1_001);
  });

  it("refuses a membership made by hand that would enrol somebody", async () => {
    const crew = await crewOfThree();
    const operation = await enrolling(crew);
    requireOutcome(await crew.writer.write(requestOf(operation)));
    await finishFollowUps(crew.writer);
    const outsider = await crew.client.user("outsider");
    await setNextKey(crew.companyId, KEY_SPAN);
    const targetGroupId = operation.kind === "setAutoEnrolments" ? operation.targetGroupId : "";
    const byHand = requestOf({ kind: "addManualMember", targetGroupId, userId: outsider });
    expect(await crew.another().write(byHand)).toMatchObject({ ok: false, status: 403, code: "keys_used_up" });
  });
});

describe("what a company at the end of its keys can still do", () => {
  it("takes what only takes away: fewer auto-enrolments, members and people", async () => {
    const crew = await crewOfThree();
    const operation = await enrolling(crew);
    requireOutcome(await crew.writer.write(requestOf(operation)));
    await finishFollowUps(crew.writer);
    await setNextKey(crew.companyId, KEY_SPAN);
    const writer = crew.another();
    requireOutcome(await writer.write(requestOf({ ...operation, items: [] } as Operation)));
    requireOutcome(await crew.client.through(writer).putGroup(crew.group, "Crew", []));
    requireOutcome(await crew.client.through(writer).deleteUser(crew.ids[0] ?? ""));
    await finishFollowUps(writer);
    expect(await enrolled(crew)).toEqual({ active: 0, waiting: 0 });
  });

  it("can still pause, revoke, and be erased", async () => {
    const client = await newClient();
    must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    await setNextKey(client.companyId, KEY_SPAN);
    const at = `/companies/${client.companyId}`;
    must(await operate("POST", `${at}/scim-settings/${client.settingId}/pause`), 200);
    must(await operate("DELETE", `${at}/scim-settings/${client.settingId}/tokens/${client.tokenId}`), 204);
    must(await operate("DELETE", `${at}/scim-settings/${client.settingId}?users=remove`), 204);
    must(await operate("DELETE", at), 204);
    const left = env.DB.prepare(
      "SELECT count(*) AS n FROM users u JOIN companies c USING (company_key) WHERE c.id = ?",
    ).bind(client.companyId);
    await vi.waitFor(async () => expect(await left.first("n")).toBe(0), { timeout: 60_000, interval: 20 });
  });
});
