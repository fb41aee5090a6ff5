import { expect, it } from "vitest";
import { runFollowUps } from "../../src/writer/run-follow-ups.ts";

/** Work about so many in each step, and how many steps of it were done. */
function workOf(steps: number[]) {
  const left = [...steps];
  return {
    breath: 2,
    followed: 7_000,
    done: 0,
    async followUp() {
      const next = left.shift();
      if (next === undefined) return false;
      this.followed += next;
      this.done += 1;
      return true;
    },
  };
}

it.each([
  ["all of it where it is about few", [10, 0, 5, 1], { deadline: 100 }, 4, true],
  ["no more where it was about as many as are waited for", [300, 300, 300], { deadline: 100 }, 1, false],
  ["a step that passes them", [200, 200, 1], { deadline: 100 }, 2, false],
  ["none after its time", [1, 1, 1], { deadline: 4 }, 2, false],
])("work that follows is done before an answer: %s", async (_what, steps, patience, done, isDone) => {
  const work = workOf(steps);
  let now = 0;
  const time = {
    clock: () => now,
    pause: async (ms: number) => {
      now += ms;
    },
  };
  expect(await runFollowUps(work, { ...patience, most: 300 }, { renews: false }, time)).toBe(isDone);
  expect(work.done).toBe(done);
});
