import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import { ROUTES } from "../../src/console/routes.ts";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { signInAdmin } from "../console/sign-in-to.ts";
import { fewOf } from "../generated-cases.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
import { moveFence } from "../writer/foreign-commit.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";
import { CONSOLE, PAGING, PARAMETERS } from "./list-parameters.ts";
import { type StockedCompany, stock } from "./stocked-company.ts";

/*
 * A company that owes, and has a long list of everything: whatever its requests read is either refused, or cheap. What is
 * asked are the routes themselves, from their tables, with every parameter that they take: a new one that looks at the whole
 * of a list without the company's share fails here.
 */

/** Rows of each list. */
const MANY = 9_000;
/** A statement reads so many rows at most outside the share: a page of 200 with what belongs to each. */
const MOST_ROWS = 7_500;

/** And so many what is bounded whatever the size of the company: a page that asks before something is done. */
const FEW_ROWS = 500;

let company: StockedCompany;
let cookie = "";
let ids: Record<string, string> = {};

beforeAll(async () => {
  company = await stock("uncharged", MANY);
  const { companyKey, settingKey } = company;
  const first = companyKey * 2 ** 32 + 5_000;
  const each = (sql: string, ...values: (string | number)[]) =>
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY}) ${sql} FROM n`,
    ).bind(...values);
  const id = `printf('0192f0ab-0000-7000-8000-%04x%08x', ?1 & 65535, i)`;
  await env.DB.batch([
    each(
      `INSERT INTO enrolments (enrolment_key, company_key, id, person_key, user_key, user_id, kind, item_id, name, status, started_at)
       SELECT ?2 + i, ?1, ${id}, 'user:' || i, ?2 + i, 'user ' || i, 'training', 'item-' || i, 'Course', 'active', 1`,
      ...[companyKey, first],
    ),
    each(
      `INSERT INTO group_members (group_key, user_key) SELECT (SELECT group_key FROM groups WHERE id = ?1), ?2 + i`,
      ...[company.scimGroupId, first],
    ),
    each(
      `INSERT INTO provisioning_log (company_key, setting_key, id, time, method, path, status, duration)
       SELECT ?1, ?2, ${id.replace("0ab", "0ac")}, ?3 - i, 'GET', '/Users', 200, 1`,
      ...[companyKey, settingKey, Date.now()],
    ),
  ]);
  await env.DB.prepare("UPDATE holds SET people = ? WHERE id = ?").bind(MANY, company.holdId).run();
  await moveFence(company.companyId);
  cookie = await signInAdmin(companyKey);
  ids = {
    ...{ companyId: company.companyId, settingId: company.settingId, tokenId: company.tokenId },
    ...{ clientId: company.clientId, secretId: company.secretId, trustId: company.trustId, userId: company.userId },
    ...{ groupId: company.targetGroupId, webhookId: company.webhookId, deliveryId: "1", holdId: company.holdId },
    ...{
      enrolmentId: company.enrolmentId,
      requestId: company.requestId,
      key: company.fieldKey,
      fieldKey: company.fieldKey,
    },
    ...{ alertId: company.alertId, channelId: company.channelId, seal: "none" },
    ...{ sessionId: "0".repeat(24), secret: "none", name: "none" },
  };
  await env.SHARE.get(env.SHARE.idFromName(company.companyId)).charge(BURST + 3_600_000);
});

function fill(path: string): string {
  return path.replace(/\{(\w+)\}|:([a-z]\w*)/gi, (_, inner: string | undefined, colon: string | undefined) => {
    const name = inner ?? colon ?? "";
    const id = ids[name];
    // A parameter that is new has to be named above.
    if (id === undefined) throw new Error(`nobody said what ${name} is in ${path}`);
    return id;
  });
}

/** Asks the whole product and gives its status, with the most that one of its statements read. */
async function ask(method: string, path: string, body?: unknown) {
  const recorder = new RecordingD1(env.DB);
  const request = new Request(`https://rollcall.test${path}`, {
    method,
    headers: path.startsWith("/api/")
      ? { authorization: `Bearer ${env.OPERATOR_KEY}`, "content-type": "application/json" }
      : { cookie, origin: "https://rollcall.test" },
    body: body === undefined || body instanceof URLSearchParams ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const answer = await app.fetch(request, { ...env, DB: recorder.d1 }, createExecutionContext());
  const text = await answer.text();
  const [worst] = [...recorder.statements].sort((left, right) => right.rowsRead - left.rowsRead);
  return { text, status: answer.status, worst: worst?.rowsRead ?? 0, sql: worst?.sql ?? "" };
}

async function expectCheap(method: string, path: string, body?: unknown): Promise<number> {
  const { status, worst, sql } = await ask(method, path, body);
  expect(status, path).toBeLessThan(500);
  expect(worst, `${method} ${path} (${status}) reads ${worst} rows in one statement: ${sql}`).toBeLessThan(MOST_ROWS);
  return status;
}

/** That a page is there at once without the numbers and the button, which are worked out in the company's share. */
async function expectLater(method: string, path: string): Promise<void> {
  const form = new URLSearchParams({ kind: "phishing", id: "choice-uncharged", name: "Choice uncharged" });
  const page = await ask(method, path, method === "POST" ? form : undefined);
  expect(page.status, path).toBe(200);
  expect(page.worst, page.sql).toBeLessThan(FEW_ROWS);
  expect(page.text).not.toMatch(/<button class="(danger|primary)" type="submit">/);
  const urlOf = (found: RegExpExecArray | null) => found?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect(await expectCheap("GET", urlOf(/data-figures="([^"]+)"/.exec(page.text)))).toBe(429);
  const plain = urlOf(/href="([^"]+figures=now[^"]*)"/.exec(page.text));
  if (plain === "") form.set("figures", "now");
  expect((plain === "" ? await ask(method, path, form) : await ask("GET", plain)).status).toBe(429);
}

/** What an index leads to, and is more: the snapshot's pages of 2,000 members, and what is refused below. */
const MORE = new Set([
  "GET /companies/{companyId}/enrolments/{enrolmentId}",
  "GET /companies/{companyId}/snapshot",
  "GET /companies/{companyId}/reports/enrolments",
]);

const reads = OPERATIONS.filter(({ route }) => route.startsWith("GET /companies/{companyId}"));

describe("a company that owes reads nothing that no index answers", () => {
  it.each(fewOf(reads).map(({ route, query }) => [route, query] as const))("by %s", async (route, query) => {
    const path = `/api/v1${fill(route.slice("GET ".length))}`;
    if (MORE.has(route)) return;
    expect(await expectCheap("GET", path)).toBe(200);
    const known = PARAMETERS[path.split("/").at(-1) ?? ""] ?? {};
    for (const name of Object.keys(query?.shape ?? {}).filter((one) => !PAGING.includes(one)))
      for (const value of known[name]?.values ?? [])
        await expectCheap("GET", `${path}?${name}=${encodeURIComponent(fill(value))}`);
    if (query?.shape !== undefined && "limit" in query.shape) await expectCheap("GET", `${path}?limit=200`);
  });

  it.each<[string, string, unknown]>([
    [
      "POST",
      "/companies/{companyId}/scim-settings/{settingId}/preview",
      { groupSettings: { criteria: "field", field: "department" } },
    ],
    ["PUT", "/companies/{companyId}/target-groups/{groupId}/auto-enrolments?preview=true", []],
    ["POST", "/companies/{companyId}/scim-settings/{settingId}/preview-deletion", { users: "remove" }],
    ["GET", "/companies/{companyId}/reports/enrolments", undefined],
    ["GET", "/companies/{companyId}/enrolments/{enrolmentId}", undefined],
  ])("by the preview, or the report of many, %s %s, which is refused", async (method, path, body) => {
    expect(await expectCheap(method, `/api/v1${fill(path)}`, body)).toBe(429);
  });

  const queries: Record<string, string[]> = {
    groupingPreview: ["?criteria=none&group=All&figures=now"],
    groupingFigures: ["?criteria=none&group=All"],
    groupingCsv: ["?criteria=none&group=All"],
    mappingPreview: ["?figures=now"],
    setting: ["?span=month"],
    deleteSetting: ["?figures=now"],
    additionFigures: ["?kind=training&id=new&name=New"],
    itemRemovalFigures: ["?kind=training&id=item-uncharged"],
    releaseFigures: ["?version=1"],
    keepFigures: ["?version=1"],
    releaseHold: ["?version=9", `?version=9&user=${"0".repeat(8)}`],
    keepHold: ["?version=9"],
    find: ["?q=row", `?q=${"0".repeat(8)}-0000-7000-8000-${"0".repeat(12)}`],
    training: ["", "&show=none", "&show=withdrawn&sort=-added"].map(
      (more) => `?kind=training&id=item-uncharged${more}`,
    ),
    removeAutoEnrolment: ["?kind=training&id=item-uncharged"],
    group: ["?q=row", "?sort=name", "?sort=-came"],
    addToGroup: ["?q=row", `?group=${"0".repeat(8)}`],
    itemTerms: ["?kind=training&id=item-uncharged"],
  };

  for (const { path, parameters } of CONSOLE)
    queries[path] = Object.entries(parameters).map(([name, { value }]) => `?${name}=${value}`);

  it.each(fewOf(Object.entries(ROUTES)))("by the console's page %s", async (name, path) => {
    // What gives another session, or none, asks nothing of a company.
    if (path.startsWith("/companies")) await expectCheap("GET", `/console${fill(path)}`);
    for (const query of queries[name] ?? []) await expectCheap("GET", `/console${fill(path)}${query}`);
  });

  it.each<[string, string]>([
    ["GET", "/console/companies/:companyId/settings/:settingId/delete"],
    ["POST", "/console/companies/:companyId/groups/:groupId/auto-enrolments"],
    ["GET", "/console/companies/:companyId/groups/:groupId/auto-enrolments/remove?kind=training&id=item-uncharged"],
    ["GET", "/console/companies/:companyId/holds/:holdId/release?version=1"],
    ["GET", "/console/companies/:companyId/holds/:holdId/keep?version=1"],
  ])("by what asks before much is done, %s %s, whose numbers alone are refused", (method, path) =>
    expectLater(method, fill(path)),
  );

  it("by what asks before a setting goes live, whose numbers alone are refused", async () => {
    const { settingId } = await newSetting(company.companyId, { name: "Silent", mode: "shadow" });
    await env.DB.prepare("UPDATE scim_settings SET active_users = ? WHERE id = ?").bind(MANY, settingId).run();
    await moveFence(company.companyId);
    await expectLater("GET", `/console/companies/${company.companyId}/settings/${settingId}/go-live`);
  });
});

describe("a company that owes reads nothing that no index answers, of what is far down a list", () => {
  it("by a list of people beside many who are left out of it, of which no page looks at more than it has to", async () => {
    const { companyId, settingId, companyKey } = company;
    const first = companyKey * 2 ** 32 + 5_000;
    const shape = (id: string, columns: string, ...values: (number | null)[]) =>
      env.DB.prepare(`UPDATE scim_settings SET ${columns} WHERE id = ?`)
        .bind(...values, id)
        .run();
    const path = `/api/v1/companies/${companyId}/target-users`;
    // Few of many are in shadow: who is shown comes at once.
    await shape(company.otherSetting.settingId, "shadow_after = ?", 0);
    for (const query of ["", "?limit=200", "?managed=true"]) expect(await expectCheap("GET", path + query)).toBe(200);
    expect(await expectCheap("GET", `${path}?managed=false`)).toBe(200);
    // Many are, and come before those who are not.
    await shape(settingId, "shadow_after = ?, shadow_until = ?", 0, first + MANY - 600);
    for (const query of ["", "?managed=true", "?managed=false"]) await expectCheap("GET", path + query);
    expect(await expectCheap("GET", path)).toBe(429);
    // What the platform begins to read comes to its end.
    const { text } = await ask("GET", `/api/v1/companies/${companyId}/snapshot`);
    const shown = "SELECT count(*) AS n FROM users WHERE setting_key = ? AND user_key > ?";
    const { n } =
      (await env.DB.prepare(shown)
        .bind(company.settingKey, first + MANY - 600)
        .first<{ n: number }>()) ?? {};
    expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toMatchObject({ type: "end", users: n });
    await shape(settingId, "shadow_after = NULL, shadow_until = NULL");
    // Many were kept of a deleted setting.
    await shape(settingId, "status = 'deleted'");
    expect(await expectCheap("GET", `${path}?managed=false`)).toBe(200);
    expect(await expectCheap("GET", `${path}?managed=true`)).toBe(429);
    await shape(settingId, "status = 'active'");
    await shape(company.otherSetting.settingId, "shadow_after = NULL");
  });

  it("and finds by a search that was refused what is far down the list, once it owes nothing", async () => {
    const searches = [
      `enrolments?itemId=item-${MANY}`,
      `enrolments?kind=phishing`,
      "webhooks/{webhookId}/deliveries?status=failed",
    ];
    const at = (search: string) => `/api/v1${fill(`/companies/{companyId}/${search}`)}`;
    for (const search of searches) expect(await expectCheap("GET", at(search)), search).toBe(429);
    await env.DB.prepare("UPDATE enrolments SET kind = 'phishing' WHERE company_key = ? AND item_id IN (?, ?)")
      .bind(company.companyKey, "item-700", `item-${MANY - 1}`)
      .run();
    await env.DB.prepare("UPDATE webhook_deliveries SET status = 'failed' WHERE seq = 2").run();
    // What it owes is given back to it.
    await env.SHARE.get(env.SHARE.idFromName(company.companyId)).charge(-BURST - 3_600_000);
    // A refusal is repeated for a second without the share's being asked.
    await vi.waitFor(async () => expect((await ask("GET", at(searches[0] ?? ""))).status).toBe(200), {
      timeout: 10_000,
      interval: 300,
    });
    const found = async (search: string) => {
      const { items } = (await operate("GET", at(search).slice("/api/v1".length))).json;
      return items.map((item: { itemId?: string; status: string }) => item.itemId ?? item.status);
    };
    expect(await found(searches[0] ?? "")).toEqual([`item-${MANY}`]);
    expect(await found(searches[1] ?? "")).toEqual(["item-700", `item-${MANY - 1}`]);
    expect(await found(`${searches[1]}&limit=1`)).toEqual(["item-700"]);
    expect(await found(searches[2] ?? "")).toEqual(["failed"]);
  });
});
