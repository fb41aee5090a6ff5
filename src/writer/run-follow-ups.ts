import type { Clock, Pause } from "../platform/clock.ts";

/** What does the work that earlier commits scheduled, step by step. */
interface Worker {
  /** Does one step; false when no work is left. */
  followUp(which: { renews: boolean }): Promise<boolean>;
  /** How long (ms) to wait before the next one. */
  readonly breath: number;
  /** How many users and groups its steps have been about so far. */
  readonly followed: number;
}

/** Until when (ms) work is done, and for how many users and groups. */
export interface Patience {
  deadline: number;
  most?: number;
}

/** Does work that earlier commits scheduled, as far as patience lets it; whether none is left. */
export async function runFollowUps(
  worker: Worker,
  { deadline, most = Number.POSITIVE_INFINITY }: Patience,
  which: { renews: boolean },
  { clock, pause }: { clock: Clock; pause: Pause },
): Promise<boolean> {
  const begun = worker.followed;
  while (clock() < deadline && worker.followed - begun < most) {
    if (!(await worker.followUp(which))) return true;
    await pause(worker.breath);
  }
  return false;
}
