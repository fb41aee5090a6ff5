import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type CompanyLogQuery, listRequests, positionOfRequest } from "../../../src/log/log-list-store.ts";
import { openRegistry } from "../../../src/platform/database.ts";
import { NOTHING } from "../../../src/platform/read-batch.ts";
import { freeReads } from "../../companies/free-reads.ts";
import { fillCompany } from "../../management-api/fill-company.ts";
import { getPage, signInAdmin } from "../sign-in-to.ts";

const ALL: CompanyLogQuery = {
  ...{ outcome: null, search: "", kind: null, settingId: null, resourceId: null, since: null, until: null },
};

/** A company with two settings and requests of every sort, many of them at the same time. */
async function fill(isBefore: (n: number) => boolean = (n) => n % 2 === 1) {
  const filled = await fillCompany();
  const other = await filled.addSetting();
  const made: { id: string; time: number; row: Record<string, string | number | null> }[] = [];
  for (let n = 0; n < 60; n += 1) {
    const row = {
      setting_key: n % 3 === 0 ? other.key : filled.setting.key,
      time: 1_000_000 + Math.floor(n / 4) * 60_000,
      method: n % 2 === 0 ? "GET" : "POST",
      resource_type: n % 5 === 0 ? "Group" : "User",
      resource_id: `r${n % 7}`,
      label: n % 4 === 0 ? `Ada ${n}` : null,
      status: n % 6 === 0 ? 400 : 200,
    };
    const { id } = await filled.addLog(row, isBefore(n));
    made.push({ id, row, time: row.time });
  }
  return { ...filled, other, made: made.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)) };
}

describe("the log's list", () => {
  it("filters, and walks page by page through all settings, newest first, each request once", async () => {
    const { company, other, made } = await fill();
    const cases: [Partial<CompanyLogQuery>, (row: Record<string, unknown>) => boolean][] = [
      [{}, () => true],
      [{ outcome: "failure" }, ({ status }) => status === 400],
      [{ outcome: "success" }, ({ status }) => status === 200],
      [{ kind: "groups" }, (row) => row.resource_type === "Group"],
      [{ kind: "groups", search: "ADA" }, (row) => row.resource_type === "Group" && row.label !== null],
      [{ kind: "read" }, ({ method }) => method === "GET"],
      [{ search: "ada 1" }, ({ label }) => String(label).startsWith("Ada 1")],
      [{ settingId: other.id }, (row) => row.setting_key === other.key],
      [{ resourceId: "r3" }, (row) => row.resource_id === "r3"],
      [
        { since: 1_060_000, until: 1_240_000, kind: "write" },
        ({ time, method }) => Number(time) >= 1_060_000 && Number(time) < 1_240_000 && method === "POST",
      ],
    ];
    const hold = freeReads(openRegistry(env), { rows: 3, bytes: 1 });
    for (const [query, holds] of cases) {
      const expected = made.filter(({ row }) => holds(row)).map(({ id }) => id);
      const listed: string[] = [];
      for (let after: ReturnType<typeof positionOfRequest> | null = null; ; ) {
        const page = { take: 7, after };
        const asked = { ...ALL, ...query };
        const { rows: requests } = await listRequests(openRegistry(env), company.key, asked, page, NOTHING, hold);
        listed.push(...requests.map(({ id }) => id));
        const last = requests.at(-1);
        if (last === undefined) break;
        after = positionOfRequest(last);
      }
      expect(listed, JSON.stringify(query)).toEqual(expected);
    }
  });

  it("reads its rows through an index, whatever is asked for", async () => {
    const { company } = await fill();
    const plans: string[] = [];
    // Only `prepare` is watched; the rest is D1's own.
    const watched = {
      prepare(sql: string) {
        const statement = env.DB.prepare(sql);
        const bind = statement.bind.bind(statement);
        statement.bind = (...params) => {
          plans.push(JSON.stringify([sql, params]));
          return bind(...params);
        };
        return statement;
      },
      batch: env.DB.batch.bind(env.DB),
    } as unknown as D1Database;
    const database = { ...openRegistry(env), d1: watched };
    for (const query of [{}, { kind: "groups" }, { search: "x" }, { resourceId: "r" }, { outcome: "failure" }] as const)
      await listRequests(
        database,
        company.key,
        { ...ALL, ...query },
        { take: 5, after: { time: 9, id: "9" } },
        NOTHING,
        freeReads(database),
      );
    for (const plan of plans) {
      const [sql, params] = JSON.parse(plan) as [string, (string | number)[]]; // made above
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      expect(results.map(({ detail }) => detail).join("; "), sql).not.toMatch(
        /SCAN l\b|SCAN provisioning_log|SCAN [rp]\b|SCAN request_log/,
      );
    }
    expect(plans.length).toBe(30);
  });

  it("comes back with wrong times in the form, the error beside the field, and no list", async () => {
    const { company, made } = await fill();
    const cookie = await signInAdmin(company.key);
    const url = `/console/companies/${company.id}/log`;
    const times = "within=range&from=2026-11-02T10%3A00&to=2026-11-01T10%3A00";
    const answer = await getPage(`${url}?${times}`, cookie);
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toMatch(/id="from"[^>]*value="2026-11-02T10:00"/);
    expect(text).toMatch(
      /id="to"[^>]*value="2026-11-01T10:00"[^>]*aria-invalid="true"[^>]*aria-describedby="to-error"/,
    );
    expect(text).toContain('<option value="range" selected');
    expect(text).not.toContain(made[0]?.id);
    expect((await getPage(`${url}.csv?${times}`, cookie)).status).toBe(400);
    const range = "within=range&from=1970-01-01T00%3A17&to=1970-01-01T00%3A17";
    const found = await (await getPage(`${url}?${range}`, cookie)).text();
    expect(found.match(/\/log\/[0-9a-f-]{36}"/g)?.length).toBe(
      made.filter(({ time }) => time >= 1_020_000 && time < 1_080_000).length,
    );
    const csv = await (await getPage(`${url}.csv?outcome=failure`, cookie)).text();
    expect(csv.trimEnd().split("\r\n")).toHaveLength(11);
  });
});

describe("a request's page", () => {
  it("says why a body is not there, where the request had one", async () => {
    const { company, addLog } = await fillCompany();
    const cookie = await signInAdmin(company.key);
    const textOf = async (row: Record<string, string | null>) => {
      const { id } = await addLog(row);
      return (await getPage(`/console/companies/${company.id}/log/${id}`, cookie)).text();
    };
    expect(await textOf({ method: "POST", request_body: null })).toContain("Not kept:");
    expect(await textOf({ method: "POST", request_body: '{"userName":"ada"}' })).not.toContain("Not kept:");
    expect(await textOf({ method: "DELETE", request_body: null })).not.toContain("Not kept:");
  });
});
