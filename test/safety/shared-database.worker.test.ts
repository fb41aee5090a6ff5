import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CompanyShare } from "../../src/companies/share-durable-object.ts";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import type { Env } from "../../src/platform/env.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { inTurn } from "../generated-cases.ts";
import { errorOf, newClient, operate, type ScimClient } from "../scim-api/scim-client.ts";
import { OWED } from "../worker-of-tests.ts";
import { CONSOLE, PAGING, PARAMETERS } from "./list-parameters.ts";
import { type PopulatedCompany, populate } from "./populated-company.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/*
 * What no index answers is done within a company's share of the database, at every door. A company that owes is refused
 * all of that, and nothing else: which of its requests are is what these tests ask, parameter by parameter.
 */

function shareOf(companyId: string) {
  return env.SHARE.get(env.SHARE.idFromName(companyId));
}

/** Has a company owe so much (ms) that it gets nothing for minutes. */
async function useUp(companyId: string): Promise<void> {
  await shareOf(companyId).charge(BURST + 60_000);
}

describe("a company that has used up its share of the database", () => {
  let client: ScimClient;
  let id = "";

  beforeAll(async () => {
    client = await newClient();
    id = (await client.send("POST", "/Users", { userName: "ada", title: "Engineer" })).json.id;
    await useUp(client.companyId);
  });

  it("is told so in SCIM's shape, with what was asked and when to ask again", async () => {
    const answer = await client.send(
      "GET",
      `/Users?filter=${encodeURIComponent('title co "secret name" or nickName pr')}`,
    );
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(1_000);
    const { detail } = errorOf(answer);
    expect(detail).toContain("the filter (title co, nickName pr)");
    expect(detail).toContain("eq on id, userName, externalId, emails.value");
    // Values may name people.
    expect(detail).not.toContain("secret");
  });

  it("is refused searches by whichever way they come", async () => {
    const filter = 'title eq "Engineer"';
    const asked: [method: string, path: string, body?: unknown][] = [
      ["GET", `/Users?filter=${encodeURIComponent(filter)}`],
      ["GET", "/Users?sortBy=title"],
      ["GET", "/Groups?sortBy=externalId"],
      ["GET", `/Groups?filter=${encodeURIComponent('members.display co "a"')}`],
      ["GET", `/?filter=${encodeURIComponent('displayName co "a"')}`],
      ["POST", "/Users/.search", { filter }],
      ["POST", "/Groups/.search", { filter: "members pr" }],
      ["POST", "/.search", { filter: "displayName pr", count: 0 }],
      ["GET", `/Users?filter=${encodeURIComponent('urn:nobody:knows:User:x eq "1"')}`],
      ["POST", "/Bulk", { Operations: [{ method: "DELETE", path: `/Users/${id}` }] }],
    ];
    for (const [method, path, body] of asked) {
      const answer = await client.send(method, path, body);
      expect(answer.status, `${method} ${path}`).toBe(429);
      expect(Number(answer.headers.get("retry-after")), path).toBeGreaterThan(60);
    }
  });

  it("is answered whatever an index answers, and written for", async () => {
    const found = encodeURIComponent('userName eq "ada"');
    for (const path of [
      "/Users",
      "/Groups",
      "/",
      "/Users?sortBy=userName&sortOrder=descending",
      "/Users?startIndex=1&count=1",
      "/Users?cursor",
      `/Users/${id}`,
      `/Users?filter=${found}`,
      `/?filter=${found}`,
      `/Users?filter=${encodeURIComponent(`id eq "${id}" and title pr`)}`,
      `/Users?filter=${encodeURIComponent('externalId eq "x"')}`,
      `/Users?filter=${encodeURIComponent('emails[type eq "work"].value eq "a@b.c"')}`,
      `/Groups?filter=${encodeURIComponent(`members.value eq "${id}"`)}`,
      `/Users?filter=${encodeURIComponent('groups.value eq "x"')}`,
      "/Schemas",
    ])
      expect((await client.send("GET", path)).status, path).toBe(200);
    expect((await client.send("POST", "/Users", { userName: "bob" })).status).toBe(201);
    expect(
      (await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path: "title", value: "x" }] }))
        .status,
    ).toBe(200);
  });

  it("leaves one row of the log for its first refusal, and none for those that repeat it", async () => {
    const other = await newClient();
    await useUp(other.companyId);
    for (let n = 0; n < 3; n += 1) expect((await other.send("GET", "/Users?filter=title%20pr")).status).toBe(429);
    await waitForLogAndWork(other);
    const { results } = await env.DB.prepare(
      "SELECT l.code FROM request_log l JOIN scim_settings s USING (setting_key) WHERE s.id = ? AND l.status = 429",
    )
      .bind(other.settingId)
      .all();
    expect(results).toEqual([{ code: "share_used_up" }]);
  });

  it("tells a dead token that it is dead", async () => {
    const other = await newClient();
    const dead = await newClient();
    await useUp(dead.companyId);
    await operate("DELETE", `/companies/${dead.companyId}/scim-settings/${dead.settingId}/tokens/${dead.tokenId}`);
    for (const [method, path, body] of [
      ["GET", "/Users?filter=title%20pr", undefined],
      ["POST", "/Bulk", { Operations: [] }],
    ] as const)
      expect((await dead.send(method, path, body)).status, path).toBe(401);
    expect((await other.send("GET", "/Users?filter=title%20pr")).status).toBe(200);
  });
});

describe("the lists of the management API", () => {
  let company: PopulatedCompany;

  beforeAll(async () => {
    company = await populate("share");
    await waitForLogAndWork(company.client);
    await useUp(company.companyId);
  });

  const lists = OPERATIONS.filter(({ route, query }) => route.startsWith("GET /companies/{companyId}/") && query);

  it.each(inTurn(lists, 0).map(({ route, query }) => [route, query] as const))(
    "%s searches within the company's share, and only then",
    async (route, query) => {
      const name = route.split("/").at(-1) ?? "";
      const { companyId, settingId, webhookId, targetGroupId, userId, holdId } = company;
      const ids: Record<string, string> = { companyId, settingId, webhookId, groupId: targetGroupId, userId, holdId };
      const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => ids[key] ?? "");
      const path = fill(route.slice("GET ".length));
      expect((await operate("GET", path)).status, path).toBe(200);
      for (const parameter of Object.keys(query?.shape ?? {}).filter((one) => !PAGING.includes(one))) {
        const known = PARAMETERS[name]?.[parameter];
        // A parameter that is added has to be judged: does an index answer it?
        if (known === undefined) throw new Error(`nobody said whether ${parameter} of ${route} is a search`);
        for (const value of known.values) {
          const answer = await operate("GET", `${path}?${parameter}=${encodeURIComponent(fill(value))}`);
          expect(answer.status, `${path} ${parameter}`).toBe(known.isSearch ? 429 : 200);
          if (!known.isSearch) continue;
          expect(answer.json).toMatchObject({ code: "share_used_up", status: 429 });
          expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
        }
      }
    },
  );

  it("never charge for people by their names and ids, nor for failures, which have an index", async () => {
    const at = `/companies/${company.companyId}`;
    for (const path of [
      `${at}/target-users?filter=${encodeURIComponent('userName eq "x" and title pr')}`,
      `${at}/target-users?filter=${encodeURIComponent('emails.value eq "x"')}`,
      `${at}/scim-settings/${company.settingId}/log?outcome=failure`,
    ])
      expect((await operate("GET", path)).status, path).toBe(200);
  });
});

describe("the lists of the console", () => {
  it.each(inTurn(CONSOLE, 0))(
    "$path searches within the company's share, and only then",
    async ({ path, keys, parameters }) => {
      const { companyId } = await newClient();
      const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
        .bind(companyId)
        .first("company_key");
      const cookie = await signInAdmin(Number(key));
      await useUp(companyId);
      expect(Object.keys(parameters).sort()).toEqual([...keys].sort());
      const url = `/console/companies/${companyId}/${path}`;
      expect((await getPage(url, cookie)).status).toBe(200);
      for (const [name, { value, isSearch }] of Object.entries(parameters)) {
        const answer = await getPage(`${url}?${name}=${value}`, cookie);
        expect(answer.status, name).toBe(isSearch ? 429 : 200);
        if (!isSearch) continue;
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
        expect(await answer.text()).toContain("share of the database");
      }
    },
  );
});

describe("the share of a company", () => {
  const companyId = "0192f0aa-0000-7000-8000-00000000aaaa";

  beforeEach(async () => {
    await runInDurableObject(shareOf(companyId), (_, state) => state.storage.deleteAll());
  });

  it("is one for all who ask, wherever they run", async () => {
    const [first, second] = [shareOf(companyId), shareOf(companyId)];
    expect(await first.take("a")).toEqual({ isGiven: true });
    let later: unknown = "waiting";
    const waits = second.take("b").then((verdict) => {
      later = verdict;
    });
    expect(await first.spend("a", 100, false)).toBe(true);
    expect(later).toBe("waiting");
    await second.spend("a", OWED, true);
    await waits;
    expect(later).toMatchObject({ isGiven: false });
    expect(await first.owes()).toBeGreaterThan(0);
  });

  it("makes searches wait for each other, and no write for them", async () => {
    const client = await newClient();
    const share = shareOf(client.companyId);
    await share.take("somebody");
    let searched = 0;
    const search = client.send("GET", "/Users?filter=title%20pr").then(({ status }) => {
      searched = status;
    });
    expect((await client.send("POST", "/Users", { userName: "ada", title: "x" })).status).toBe(201);
    expect(
      (await client.send("GET", `/Users?filter=${encodeURIComponent('userName eq "ada"')}`)).json.totalResults,
    ).toBe(1);
    expect(searched).toBe(0);
    await share.spend("somebody", 1, true);
    const told = vi.spyOn(CompanyShare.prototype, "spend");
    await search;
    expect(searched).toBe(200);
    await vi.waitFor(() => expect(told).toHaveBeenCalledWith(expect.any(String), expect.any(Number), true));
  });

  it("is not whole again because its object was gone from memory", async () => {
    const another = "0192f0aa-0000-7000-8000-00000000bbbb";
    const share = shareOf(another);
    await share.take("a");
    await share.spend("a", OWED, true);
    await runInDurableObject(share, async (_, state) => {
      const restarted = new CompanyShare(state, env as unknown as Env);
      expect(await restarted.owes()).toBeGreaterThan(190);
    });
  });

  it("is charged for the operations of Bulk requests that are refused, and for no others", async () => {
    const client = await newClient();
    const left = () =>
      runInDurableObject(shareOf(client.companyId), async (_, state) => {
        const account = await state.storage.get<{ left: number }>("account");
        return account?.left ?? BURST;
      });
    const bulk = async (count: number) => {
      const Operations = Array.from({ length: count }, (_, n) => ({
        ...{ method: "POST", path: "/Users", bulkId: `b${n}`, data: { userName: `u${n}` } },
      }));
      return client.send("POST", "/Bulk", { Operations });
    };
    expect((await bulk(50)).status).toBe(200);
    expect(await left()).toBe(BURST);
    const refused = await bulk(50);
    expect(refused.json.Operations.every(({ status }: { status: string }) => status === "409")).toBe(true);
    await expect.poll(left).toBeLessThan(BURST - 10);
  });
});
