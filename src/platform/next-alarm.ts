/** The alarm of a Durable Object. */
interface Alarm {
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
}

/**
 * Sets the alarm at the end of the run of one: one that was set meanwhile for an earlier time (ms) stays, since what asked for
 * it may have come after the run looked. Gives whether nothing is to be done any more, which `at` null says.
 */
export async function setNextAlarm(alarm: Alarm, at: number | null): Promise<boolean> {
  const askedFor = await alarm.getAlarm();
  if (at !== null && (askedFor === null || at < askedFor)) await alarm.setAlarm(at);
  return at === null && askedFor === null;
}
