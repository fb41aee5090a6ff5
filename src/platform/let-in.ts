/** How many turns, at most, one waits for those who are at the door. */
const TURNS = 8;

/**
 * Lets in who is at the door before something is done for all together: until `count()` reaches `enough`, or a turn brings
 * nobody, or turns enough have passed. `turn` waits for a turn, or less when it is told that there are enough.
 */
export async function letIn(count: () => number, enough: number, turn: () => Promise<void>): Promise<void> {
  for (let n = 0; n < TURNS && count() < enough; n += 1) {
    const before = count();
    await turn();
    if (count() === before) return;
  }
}
