import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { feedCursor } from "../../src/changes/feed-cursor.ts";
import { purgeChanges } from "../../src/changes/purge-changes.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

async function feedOf(count: number) {
  const filled = await fillCompany();
  for (let seq = 1; seq <= count; seq += 1)
    await filled.addChange(seq, seq % 2 === 0 ? "member.added" : "user.created");
  const read = (query: string) => api("GET", `/companies/${filled.company.id}/changes?${query}`);
  const cursor = (seq: number) => feedCursor(filled.company.id, { seq, mark: null });
  return { ...filled, read, cursor };
}

afterEach(() => vi.useRealTimers());

/** Counts how often somebody who waits for changes looks whether there are any. */
function countLooks(): () => number {
  const prepare = vi.spyOn(env.DB, "prepare");
  return () => prepare.mock.calls.filter(([sql]) => sql.startsWith("SELECT change_seq FROM companies")).length;
}

describe("the change feed", () => {
  it("is read whole by following cursors, and ends with a null nextCursor", async () => {
    const { company, read, cursor } = await feedOf(5);
    const first = await read("limit=2");
    expect(first.json).toMatchObject({
      items: [{ cursor: cursor(1) }, { cursor: cursor(2) }],
      nextCursor: cursor(2),
      readTo: cursor(2),
    });
    expect((await read(`limit=2&after=${cursor(2)}`)).json).toMatchObject({
      items: [{ cursor: cursor(3) }, { cursor: cursor(4) }],
    });
    const last = await read(`limit=2&after=${cursor(4)}`);
    expect(last.json).toEqual({
      items: [
        {
          id: `${company.id}-5`,
          cursor: cursor(5),
          type: "user.created",
          schemaVersion: 1,
          time: "1970-01-01T00:00:00.001Z",
          companyId: company.id,
          subject: { kind: "user", id: "user-5" },
          data: {},
          cause: { requestId: "request-1" },
        },
      ],
      nextCursor: null,
      readTo: cursor(5),
    });
    expect((await read(`after=${cursor(5)}`)).json).toEqual({ items: [], nextCursor: null, readTo: cursor(5) });
  });

  it("shows only the types asked for, and how far it looked", async () => {
    const { read, cursor } = await feedOf(5);
    expect((await read("types=member.added")).json).toMatchObject({
      items: [{ cursor: cursor(2) }, { cursor: cursor(4) }],
      nextCursor: null,
      readTo: cursor(5),
    });
    expect((await read("types=group.created,group.deleted")).json).toMatchObject({ items: [], readTo: cursor(5) });
    expect((await read("types=user.invented")).status).toBe(400);
  });

  it("answers 400 for a cursor that is none", async () => {
    const { read, cursor } = await feedOf(2);
    for (const after of ["x", "-1", "1.5", "01", "9999999999999999", cursor(-1), cursor(0.5)])
      expect((await read(`after=${after}`)).status, after).toBe(400);
    for (const query of ["wait=26", "wait=-1", "limit=0"]) expect((await read(query)).status, query).toBe(400);
  });

  it("takes a cursor of its own company and list only", async () => {
    const { company, read, cursor } = await feedOf(2);
    const other = await feedOf(2);
    expect((await other.read(`after=${cursor(1)}`)).status).toBe(400);
    const users = (await api("GET", `/companies/${company.id}/target-users?cursor=${cursor(1)}`)).status;
    expect(users).toBe(400);
    const types = await read(`after=${cursor(1)}&types=member.added&limit=1`);
    expect(types.json).toMatchObject({ items: [{ cursor: cursor(2) }] });
  });

  it("takes the bare places that were its cursors once, within the company's own feed", async () => {
    const { company, read, cursor } = await feedOf(3);
    for (const [after, next] of [
      ["0", 1],
      ["1", 2],
    ] as const)
      expect((await read(`after=${after}&limit=1`)).json).toMatchObject({
        items: [{ companyId: company.id, cursor: cursor(next) }],
      });
    expect((await read("after=4")).status).toBe(410);
  });

  it("answers 410 for a cursor older than what is kept; without a cursor it starts at the oldest kept", async () => {
    const { company, read, cursor } = await feedOf(5);
    const cut = env.DB.prepare("DELETE FROM changes WHERE company_key = ? AND seq <= ?");
    await cut.bind(company.key, 3).run();
    expect((await read(`after=${cursor(2)}`)).status).toBe(410);
    expect((await read(`after=${cursor(0)}`)).status).toBe(410);
    expect((await read(`after=${cursor(3)}`)).json).toMatchObject({
      items: [{ cursor: cursor(4) }, { cursor: cursor(5) }],
    });
    expect((await read("")).json).toMatchObject({ items: [{ cursor: cursor(4) }, { cursor: cursor(5) }] });
    await cut.bind(company.key, 5).run();
    expect((await read(`after=${cursor(4)}`)).status).toBe(410);
    expect((await read(`after=${cursor(5)}`)).status).toBe(200);
  });
});

describe("a cursor of the change feed", () => {
  const marked = async () => {
    const { company, addChange } = await fillCompany();
    const mark = (seq: number, text: string) =>
      env.DB.prepare("UPDATE changes SET mark = ? WHERE company_key = ? AND seq = ?")
        .bind(text, company.key, seq)
        .run();
    for (const seq of [1, 2, 3]) {
      await addChange(seq);
      await mark(seq, `first${seq}`);
    }
    const feed = (query: string) =>
      api<{ code: string; detail: string; items: { id: string; cursor: string }[]; readTo: string; cursor: string }>(
        "GET",
        `/companies/${company.id}/changes${query}`,
      );
    return { company, addChange, mark, feed };
  };

  it("names its change: once the database was restored and the place has another one, it is 410 `epoch_changed`", async () => {
    const { company, addChange, mark, feed } = await marked();
    const before = (await feed("")).json.items;
    await env.DB.prepare("DELETE FROM changes WHERE company_key = ? AND seq > 1").bind(company.key).run();
    await env.DB.prepare("UPDATE companies SET change_seq = 1 WHERE company_key = ?").bind(company.key).run();
    // Past the head, and then at a place that is given again.
    for (const given of [0, 3]) {
      if (given > 0) {
        for (const seq of [2, 3]) {
          await addChange(seq);
          await mark(seq, `second${seq}`);
        }
      }
      for (const { cursor } of before.slice(1)) {
        const refused = await feed(`?after=${cursor}`);
        expect(refused).toMatchObject({ status: 410, json: { code: "epoch_changed" } });
        expect(refused.json.detail).toContain("/snapshot");
      }
      expect((await feed(`?after=${before[0]?.cursor}`)).status).toBe(200);
    }
    const after = (await feed("")).json.items;
    expect(new Set([...before, ...after].map(({ id }) => id)).size).toBe(5);
  });

  it("goes on from what the retention has just taken, and is `gone` before that", async () => {
    const { company, addChange, feed } = await marked();
    const { items } = (await feed("")).json;
    await env.DB.prepare("UPDATE changes SET time = ? WHERE company_key = ? AND seq = 3")
      .bind(5_000, company.key)
      .run();
    // The feeds of the tests before this one are as old.
    while ((await purgeChanges(openRegistry(env), 4_000)) > 0);
    expect((await feed(`?after=${items[0]?.cursor}`)).json.code).toBe("gone");
    expect((await feed(`?after=${items[1]?.cursor}`)).json.items.map(({ cursor }) => cursor)).toEqual([
      items[2]?.cursor,
    ]);
    expect((await feed(`?after=${feedCursor(company.id, { seq: 2, mark: "other" })}`)).json.code).toBe("epoch_changed");
    while ((await purgeChanges(openRegistry(env), 6_000)) > 0);
    const head = (await feed("/head")).json.cursor;
    expect(head).toBe(items[2]?.cursor);
    expect((await feed(`?after=${head}`)).json).toMatchObject({ items: [], readTo: head });
    await addChange(4);
    expect((await feed(`?after=${head}`)).json.items).toHaveLength(1);
  });
});

describe("the change feed, asked to wait", () => {
  it("waits for the next change when asked to, and answers as soon as there is one", async () => {
    const { read, addChange, cursor } = await feedOf(1);
    const looks = countLooks();
    // Much longer than it takes until the next look.
    const waiting = read(`after=${cursor(1)}&wait=25`);
    await expect.poll(looks).toBeGreaterThan(0);
    await addChange(2);
    expect((await waiting).json).toMatchObject({ items: [{ cursor: cursor(2) }] });
  });

  it("waits past changes of other types, and answers empty when the time is over", async () => {
    const { read, addChange, cursor } = await feedOf(1);
    const looks = countLooks();
    // The time of this test goes on when the test says so.
    vi.useFakeTimers({ toFake: ["Date"] });
    const waiting = read(`after=${cursor(1)}&wait=1&types=group.created`);
    await expect.poll(looks).toBeGreaterThan(0);
    await addChange(2);
    const before = looks();
    await expect.poll(looks).toBeGreaterThan(before + 1);
    vi.setSystemTime(Date.now() + 1_000);
    expect((await waiting).json).toEqual({ items: [], nextCursor: null, readTo: cursor(2) });
  });
});
