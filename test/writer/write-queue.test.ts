import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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
});
