import { expect, it } from "vitest";
import { setNextAlarm } from "../../src/platform/next-alarm.ts";

/** An alarm in memory; a run of one has taken the one that rang. */
function alarmAt(at: number | null) {
  let present = at;
  return {
    getAlarm: async () => present,
    setAlarm: async (next: number) => {
      present = next;
    },
  };
}

it.each([
  ["nothing asked for, nothing left", null, null, null, true],
  ["nothing asked for, something left", null, 10, 10, false],
  ["asked for while it ran, nothing left", 5, null, 5, false],
  ["asked for while it ran, something left for later", 5, 10, 5, false],
  ["asked for while it ran, something left for earlier", 5, 1, 1, false],
])("a run ends with %s", async (_, askedFor, at, expected, isDone) => {
  const alarm = alarmAt(askedFor);
  expect(await setNextAlarm(alarm, at)).toBe(isDone);
  expect(await alarm.getAlarm()).toBe(expected);
});
