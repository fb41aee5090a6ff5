/** Whom to change, by number, and how often it was changed before. */
export interface ChangeTurn {
  item: number;
  round: number;
}

/**
 * Says what a connection changes next: everything in turns, spread over all of it, but nothing that another connection may
 * still be changing. What was sent later would come first now and then, and one of the two would change nothing.
 */
export class ChangeTurns {
  readonly #times: number[];
  readonly #heldBy = new Map<number, number>();
  #turn = 0;

  /** Of so many items, numbered from 0. */
  constructor(items: number) {
    this.#times = Array.from({ length: items }, () => 0);
  }

  /** What the connection changes now; its last change was answered. Throws where others hold all there is. */
  next(connection: number): ChangeTurn {
    this.#heldBy.delete(connection);
    const held = new Set(this.#heldBy.values());
    if (held.size >= this.#times.length) throw new Error(`${held.size} connections leave nothing to change`);
    let item = this.#nextItem();
    while (held.has(item)) item = this.#nextItem();
    this.#heldBy.set(connection, item);
    const round = this.#times[item] ?? 0;
    this.#times[item] = round + 1;
    return { item, round };
  }

  #nextItem(): number {
    const item = scatter(this.#turn, this.#times.length);
    this.#turn += 1;
    return item;
  }
}

/** Spreads requests over a directory of this size, so that no page of the database is the favourite. */
export function scatter(n: number, size: number): number {
  return (n * 7_919) % size;
}
