import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BURST } from "../../src/companies/share-of-database-time.ts";
import { parsePatch } from "../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { Bulk } from "../../src/writer/bulk.ts";
import type { Committer } from "../../src/writer/committer.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import type { QueuedRequest } from "../../src/writer/run-requests.ts";
import { WriteQueue } from "../../src/writer/write-queue.ts";

const DONE: WriteResult = { ok: true, outcome: { kind: "done" } };

/** A committer that keeps what each commit was given, until the test says that it is over. */
function fakeCommitter() {
  const commits: { names: string[]; end(): void }[] = [];
  const run = (requests: QueuedRequest[]) =>
    new Promise<WriteResult[]>((resolve) => {
      const names = requests.map(({ cause }) => cause.requestId);
      commits.push({ names, end: () => resolve(requests.map(() => DONE)) });
    });
  /** The same, but it answers the first request alone and leaves the others for the next commit. */
  const runFirst = async (requests: QueuedRequest[]) =>
    (await run(requests)).map((result, index) => (index === 0 ? result : null));
  // The one method that the queue calls here.
  return { committer: { run } as unknown as Committer, left: { run: runFirst } as unknown as Committer, commits };
}

function request(name: string): QueuedRequest {
  const cause = { requestId: name, actor: "scim" as const, settingId: null, provider: null };
  return { operation: { kind: "deleteUser", settingId: "s", id: name }, cause };
}

/** Operations that are charged for what they cost though they are refused. */
function chargedRequests(count: number): QueuedRequest[] {
  const items = Array.from({ length: count }, (_, n) => ({
    ...{ method: "POST", path: "/Users", bulkId: `b${n}`, data: { userName: `u${n}` } },
  }));
  return new Bulk({ kind: "bulk", settingId: "s", items }).split({ cause: request("charged").cause });
}

/** A committer that keeps how many each commit was given, and refuses all of them at a cost (ms each). */
function refusingCommitter() {
  const cost = { each: 0 };
  const sizes: number[] = [];
  const run = async (requests: QueuedRequest[]) => {
    sizes.push(requests.length);
    return requests.map(({ operation }): WriteResult => {
      if (operation.kind !== "bulkItem") return DONE;
      const ran = { outcome: { status: 409 }, person: null, notes: [], patchedAttributes: 0, refusedTime: cost.each };
      return { ok: true, outcome: { kind: "bulkItem", run: ran } };
    });
  };
  // The one method that the queue calls here.
  return { committer: { run } as unknown as Committer, sizes, cost };
}

const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the queue of a company's writes", () => {
  it("commits together what comes in one turn, in order, and then what came meanwhile", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (const name of ["a", "b"]) void queue.write(request(name));
    await settle();
    for (const name of ["c", "d"]) void queue.write(request(name));
    await settle();
    expect(commits.map(({ names }) => names)).toEqual([["a", "b"]]);
    commits[0]?.end();
    await settle();
    expect(commits.map(({ names }) => names)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("puts what a commit left for the next one before what came after it", async () => {
    const { commits, left } = fakeCommitter();
    const queue = new WriteQueue(left, Date.now);
    const answers = queue.writeAll(["a", "b", "c"].map(request));
    await settle();
    void queue.write(request("d"));
    commits[0]?.end();
    await settle();
    commits[1]?.end();
    await settle();
    expect(commits.map(({ names }) => names)).toEqual([
      ["a", "b", "c"],
      ["b", "c", "d"],
      ["c", "d"],
    ]);
    expect(await answers[0]).toEqual(DONE);
  });

  it("waits for nobody: no timer runs once all is committed, rows of the log aside", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    void queue.write(request("a"));
    await settle();
    commits[0]?.end();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    void queue.write({ ...request("logged"), operation: { kind: "log", entries: [] } });
    await pass(2_000);
    expect(commits[1]?.names).toEqual(["logged"]);
    commits[1]?.end();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("refuses with 429 and a time to retry when too many wait, or one has waited too long", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    void queue.write(request("first"));
    await settle();
    const results = Array.from({ length: 2_001 }, (_, n) => queue.write(request(`many${n}`)));
    expect(await results[2_000]).toMatchObject({ ok: false, status: 429, retryAfter: 5 });
    await pass(30_001);
    commits[0]?.end();
    expect(await results[1_999]).toMatchObject({ ok: false, status: 429, retryAfter: 5 });
    expect(commits).toHaveLength(1);
  });

  it("puts only so many renames of groups into a commit as lists, since each may move as many people", async () => {
    const { committer, sizes } = refusingCommitter();
    const queue = new WriteQueue(committer, Date.now);
    const { Group } = resourceTypes();
    const rename = [{ op: "replace", path: "displayName", value: "New" }];
    const renames = [
      rename,
      [{ op: "replace", value: { displayName: "New", externalId: "7" } }],
      [
        { op: "add", path: "members", value: [{ value: "u" }] },
        { op: "replace", path: "displayName", value: "New" },
      ],
    ];
    for (const Operations of renames) {
      const request = parsePatch(Group, { Operations });
      const operation = { kind: "patchGroup" as const, settingId: "s", id: "g", request };
      const cause = { requestId: "r", actor: "scim" as const, settingId: null, provider: null };
      await Promise.all(queue.writeAll(Array.from({ length: 20 }, () => ({ operation: { ...operation }, cause }))));
    }
    const items = Array.from({ length: 20 }, () => ({
      ...{ method: "PATCH", path: "/Groups/01900000-0000-7000-8000-000000000001", data: { Operations: rename } },
    }));
    const bulk = new Bulk({ kind: "bulk", settingId: "s", items }).split({ cause: request("bulk").cause });
    await Promise.all(queue.writeAll(bulk));
    expect(sizes).toEqual([8, 8, 4, 8, 8, 4, 8, 8, 4, 8, 8, 4]);
  });

  it("takes a hundred at most together of those that are charged for refusals, while one was refused of late", async () => {
    const { committer, sizes, cost } = refusingCommitter();
    const queue = new WriteQueue(committer, Date.now);
    await Promise.all(queue.writeAll(chargedRequests(150)));
    cost.each = 1;
    await Promise.all(queue.writeAll(chargedRequests(1)));
    await Promise.all([...queue.writeAll(chargedRequests(250)), queue.write(request("other"))]);
    const others = Array.from({ length: 140 }, (_, n) => queue.write(request(`other${n}`)));
    await Promise.all(others);
    expect(sizes).toEqual([150, 1, 100, 100, 51, 140]);
  });

  it("tries none of those while their refusals have used up the share, and tells when it may; it goes on with others", async () => {
    const { committer, sizes, cost } = refusingCommitter();
    const queue = new WriteQueue(committer, Date.now);
    cost.each = BURST;
    await Promise.all(queue.writeAll(chargedRequests(1)));
    const [refused, done] = await Promise.all([...queue.writeAll(chargedRequests(1)), queue.write(request("other"))]);
    const detail =
      "Too many operations of this company's Bulk requests were refused. Nothing of this one was tried; send it again in 1 s.";
    expect(refused).toEqual({ ok: false, code: "share_used_up", status: 429, detail, retryAfter: 1 });
    expect(done).toEqual(DONE);
    await pass(1_000);
    await Promise.all(queue.writeAll(chargedRequests(1)));
    expect(sizes).toEqual([1, 1, 1]);
  });
});
