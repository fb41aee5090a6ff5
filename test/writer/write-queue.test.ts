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
  // The one method that the queue calls here.
  return { committer: { run } as unknown as Committer, commits };
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
  it("lets those whom a commit answered into the next one, with who was waiting", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    // An answer has a way to go before the next request comes.
    void queue.write(request("a")).then(() => setTimeout(() => queue.write(request("a, again")), 0));
    await pass(0);
    void queue.write(request("b"));
    commits[0]?.end();
    await pass(10);
    expect(commits.map(({ names }) => names)).toEqual([["a"], ["b", "a, again"]]);
  });

  it("waits for those whom a commit answered though nobody else waits, and goes on as soon as all are back", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (const name of ["a", "b"]) void queue.write(request(name));
    await settle();
    commits[0]?.end();
    await settle();
    void queue.write(request("b, again"));
    await settle();
    expect(commits).toHaveLength(1);
    void queue.write(request("a, again"));
    await settle();
    expect(commits.map(({ names }) => names)).toEqual([
      ["a", "b"],
      ["b, again", "a, again"],
    ]);
  });

  it("does not wait for those who do not come back", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (const name of ["a", "b", "c"]) void queue.write(request(name));
    await settle();
    commits[0]?.end();
    await settle();
    void queue.write(request("a, again"));
    // The first turn brings one, the second nobody.
    await pass(2);
    expect(commits[1]?.names).toEqual(["a, again"]);
    commits[1]?.end();
    await pass(1);
    void queue.write(request("a, a third time"));
    await settle();
    expect(commits[2]?.names).toEqual(["a, a third time"]);
  });

  it("does not have one wait who writes alone", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (const name of ["a", "b", "c"]) {
      const written = queue.write(request(name));
      await pass(0);
      expect(commits.at(-1)?.names).toEqual([name]);
      commits.at(-1)?.end();
      await written;
      await settle();
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it("waits for nobody after rows of the log", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (const name of ["a", "b"]) void queue.write({ ...request(name), operation: { kind: "log", entries: [] } });
    await pass(2_000);
    expect(commits[0]?.names).toEqual(["a", "b"]);
    commits[0]?.end();
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

  it("commits in the end, however many keep coming", async () => {
    const { committer, commits } = fakeCommitter();
    const queue = new WriteQueue(committer, Date.now);
    for (let n = 0; n < 40; n += 1) void queue.write(request(`r${n}`));
    await settle();
    commits[0]?.end();
    await settle();
    for (let n = 0; n < 20; n += 1) {
      void queue.write(request(`again${n}`));
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(commits).toHaveLength(2);
    expect(commits[1]?.names.length).toBeLessThan(15);
  });
});
