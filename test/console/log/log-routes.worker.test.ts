import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ReadInShare } from "../../../src/companies/read-in-share.ts";
import {
  type CompanyLogQuery,
  type LogPage,
  type LogStretch,
  listRequests,
  positionOfRequest,
  readAllRequests,
} from "../../../src/log/log-list-store.ts";
import { listRequestsAbout } from "../../../src/log/requests-about-store.ts";
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
      status: n % 12 === 0 ? 409 : n % 6 === 0 ? 400 : 200,
      // Of before it is not known by which credential a request came.
      ...(!isBefore(n) && { token_id: n % 8 === 0 ? "old" : "new" }),
    };
    const { id } = await filled.addLog(row, isBefore(n));
    made.push({ id, row, time: row.time });
  }
  return { ...filled, other, made: made.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)) };
}

/** Everything that a list shows, read seven at a time. */
async function listAll(
  companyKey: number,
  asked: CompanyLogQuery,
  order: { isUp?: boolean },
  readInShare: ReadInShare,
): Promise<string[]> {
  const listed: string[] = [];
  for (let after: ReturnType<typeof positionOfRequest> | null = null; ; ) {
    const page = { take: 7, after, ...order };
    const { rows } = await listRequests(openRegistry(env), companyKey, asked, page, NOTHING, readInShare);
    listed.push(...rows.map(({ id }) => id));
    const last = rows.at(-1);
    if (last === undefined) return listed;
    after = positionOfRequest(last);
  }
}

describe("the log's list", () => {
  it("filters, and walks page by page through all settings, newest first, each request once", async () => {
    const { company, other, made } = await fill();
    const cases: [Partial<CompanyLogQuery>, (row: Record<string, unknown>) => boolean][] = [
      [{}, () => true],
      [{ outcome: "failure" }, ({ status }) => Number(status) >= 400],
      [{ status: 409 }, ({ status }) => status === 409],
      [{ status: 200, kind: "write" }, ({ status, method }) => status === 200 && method === "POST"],
      [{ status: 409, outcome: "success" }, () => false],
      [{ method: "POST" }, ({ method }) => method === "POST"],
      [{ tokenId: "old" }, ({ token_id }) => token_id === "old"],
      [{ tokenId: "new", outcome: "failure" }, (row) => row.token_id === "new" && Number(row.status) >= 400],
      [{ name: "ada 4" }, () => false],
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
      const asked = { ...ALL, ...query };
      expect(await listAll(company.key, asked, {}, hold), JSON.stringify(query)).toEqual(expected);
      const oldestFirst = await listAll(company.key, asked, { isUp: true }, hold);
      expect(oldestFirst, `${JSON.stringify(query)}, oldest first`).toEqual(expected.reverse());
    }
  });

  it("looks at so many requests at most where it is told to, says how far that was, and goes on from there", async () => {
    const { company, made } = await fill();
    const database = openRegistry(env);
    const hold = freeReads(database, { rows: 1, bytes: 1 });
    for (const isUp of [false, true]) {
      const found: string[] = [];
      let pages = 0;
      // Neither is found by an index: the label is looked for in each.
      const asked = { ...ALL, search: "ada", method: "GET", outcome: "success" as const };
      for (let after: ReturnType<typeof positionOfRequest> | null = null; ; ) {
        const page: LogPage = { take: 7, after, isUp, most: 10 };
        const { rows, lookedTo }: LogStretch = await listRequests(
          ...([database, company.key, asked, page, NOTHING, hold] as const),
        );
        found.push(...rows.map(({ id }) => id));
        pages += 1;
        if (lookedTo === null) break;
        expect(rows.length).toBeLessThan(7);
        after = lookedTo;
      }
      const expected = made
        .filter(({ row }) => row.label !== null && row.method === "GET" && row.status === 200)
        .map(({ id }) => id);
      expect(found).toEqual(isUp ? expected.reverse() : expected);
      expect(pages).toBeGreaterThan(2);
    }
  });

  it("shows, either way, the rows of a page that is cut because of their size, and loses none of a download", async () => {
    const { company, setting, addLog } = await fillCompany();
    const row = { setting_key: setting.key, resource_id: "r", resource_type: "User", status: 200 };
    const ids: string[] = [];
    // The first is of before.
    for (const n of [0, 1, 2])
      ids.push((await addLog({ ...row, time: 1_000_000 + n, label: `${n}`.repeat(900_000) }, n === 0)).id);
    const refuse = () => Promise.reject(new Error("an index answers this"));
    for (const isUp of [false, true]) {
      const page = { take: 5, after: null, isUp };
      const stretch = await listRequests(openRegistry(env), company.key, ALL, page, NOTHING, refuse);
      expect(stretch.rows.map(({ id }) => id)).toEqual(isUp ? ids.slice(0, 2) : ids.toReversed().slice(0, 2));
      expect(stretch.isCut).toBe(true);
      const about = [{ setting: { ...setting, name: "Entra" }, by: { resourceId: "r" } }];
      const ofUser = await listRequestsAbout(openRegistry(env), ALL, about, page, refuse);
      expect([ofUser.rows, ofUser.lookedTo]).toMatchObject([stretch.rows, stretch.rows.at(-1) ?? null]);
      const all: string[] = [];
      const next = await readAllRequests(openRegistry(env), company.key, ALL, { isUp }, refuse);
      for (let more = await next(); more.length > 0; more = await next()) all.push(...more.map(({ id }) => id));
      expect(all).toEqual(isUp ? ids : ids.toReversed());
    }
  });

  it("finds what is about nobody here by the name that it asks for or sends, through an index", async () => {
    const { company, setting, addLog } = await fillCompany();
    const database = openRegistry(env);
    const none = { resource_id: null, resource_type: "User", status: 409, setting_key: setting.key };
    const ids: string[] = [];
    const made: Record<string, string>[] = [
      { label: "Ada@X.example" },
      { label: "ÄRGER", label_key: "ärger" },
      { label: "ada@x.example", resource_id: "r1" },
      { label: "ada@x.example.org" },
    ];
    for (const [index, row] of made.entries())
      ids.push((await addLog({ ...none, time: 1_000_000 - index, ...row }, index === 0)).id);
    const refuse = () => Promise.reject(new Error("an index answers this"));
    const listed = async (name: string) => listAll(company.key, { ...ALL, name }, {}, refuse);
    expect(await listed("ada@x.example")).toEqual([ids[0]]);
    expect(await listed("ärger")).toEqual([ids[1]]);
    expect(await listed("nobody")).toEqual([]);
    const { rows } = await listRequests(
      ...([database, company.key, { ...ALL, status: 409 }, { take: 9, after: null }, NOTHING, refuse] as const),
    );
    expect(rows).toHaveLength(4);
  });
});

describe("a page of the log's list", () => {
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
    const asked = [
      ...[{}, { kind: "groups" }, { search: "x" }, { resourceId: "r" }, { outcome: "failure" }],
      ...[{ status: 409 }, { name: "x" }, { method: "DELETE" }, { tokenId: "x", since: 1, until: 9 }],
    ] as const;
    for (const query of asked)
      for (const isUp of [false, true]) {
        const page = { take: 5, after: { time: 9, id: "9" }, isUp };
        await listRequests(database, company.key, { ...ALL, ...query }, page, NOTHING, freeReads(database));
      }
    for (const plan of plans) {
      const [sql, params] = JSON.parse(plan) as [string, (string | number)[]]; // made above
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      expect(results.map(({ detail }) => detail).join("; "), sql).not.toMatch(
        /SCAN l\b|SCAN provisioning_log|SCAN [rp]\b|SCAN request_log/,
      );
    }
    expect(plans.length).toBe(2 * 9 * 6);
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
