/** One piece of work that a connection takes up when it is free. */
export type Task = () => Promise<void>;

/** Runs tasks in order of the list, `width` at a time; rejects with the first error once those under way have ended. */
export async function runPool(tasks: readonly Task[], width: number, onDone: (done: number) => void): Promise<void> {
  let next = 0;
  let done = 0;
  let failure: { error: unknown } | null = null;
  const work = async () => {
    while (failure === null) {
      const task = tasks[next];
      next += 1;
      if (task === undefined) return;
      try {
        await task();
      } catch (error) {
        failure ??= { error };
      }
      done += 1;
      onDone(done);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, work));
  // Assigned inside the closure, which control flow analysis does not see.
  const failed = failure as { error: unknown } | null;
  if (failed !== null) throw failed.error;
}

/** Lets the tasks of one key run one after the other, while those of other keys go on. */
export function createTurns<K extends object>(): (key: K, task: Task) => Promise<void> {
  const last = new WeakMap<K, Promise<void>>();
  return (key, task) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task);
    last.set(
      key,
      turn.catch(() => {}),
    );
    return turn;
  };
}
