type Ask = (...given: unknown[]) => Promise<unknown>;

/**
 * A D1 that does something between its trips: after the trip of a number (from 1) has its answer, and before the next one
 * is sent. Trips go one at a time, so that what is asked for at once is interleaved too.
 */
export function interleavedD1(d1: D1Database, between: (trip: number) => Promise<void>): D1Database {
  let trips = 0;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      const answer = await ask();
      trips += 1;
      await between(trips);
      return answer;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const watch = (statement: D1PreparedStatement): D1PreparedStatement => {
    const { bind, all, run, raw, first } = statement;
    statement.bind = (...values: unknown[]) => watch(bind.apply(statement, values));
    statement.all = <T>() => inTurn(() => all.call(statement) as Promise<D1Result<T>>);
    statement.run = <T>() => inTurn(() => run.call(statement) as Promise<D1Result<T>>);
    // Both have overloads, of which the arguments as given decide.
    const [rawAs, firstAs] = [raw, first] as [Ask, Ask];
    statement.raw = ((...given: unknown[]) => inTurn(() => rawAs.apply(statement, given))) as typeof raw;
    statement.first = ((...given: unknown[]) => inTurn(() => firstAs.apply(statement, given))) as typeof first;
    return statement;
  };
  // Only what the product uses.
  return {
    prepare: (sql: string) => watch(d1.prepare(sql)),
    batch: <T>(statements: D1PreparedStatement[]) => inTurn(() => d1.batch<T>(statements)),
  } as D1Database;
}
