/** Rows of one kind, as far as all kinds are asked together. */
interface RowsOfKind {
  /** Whether some of them are still to be read. */
  readonly isWanting: boolean;
  /** Whether the configuration has them, and has to be read anew because they changed. */
  readonly outdatesConfiguration: boolean;
}

/**
 * What the rows of a unit of work share: the undo list, by which everything an operation changes can be taken back, so that
 * it applies wholly or not at all; which keys are still to be read; and whether any changed that the configuration has.
 */
export class Journal {
  #undo: (() => void)[] = [];
  readonly #kinds: RowsOfKind[] = [];

  /** A place to roll back to. */
  savepoint(): number {
    return this.#undo.length;
  }

  /** Takes how one change is taken back. */
  onRollback(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Takes back all changes since `place`, the latest first. */
  rollback(place: number): void {
    while (this.#undo.length > place) this.#undo.pop()?.();
  }

  /** Adds the rows of one kind, which want keys now or later. */
  register(rows: RowsOfKind): void {
    this.#kinds.push(rows);
  }

  /** Whether something is still to be read besides what these want. */
  isWantingBesides(others: readonly RowsOfKind[]): boolean {
    return this.#kinds.some((rows) => rows.isWanting && !others.includes(rows));
  }

  /** Whether something is still to be read. */
  get isWanting(): boolean {
    return this.#kinds.some(({ isWanting }) => isWanting);
  }

  /** Whether rows changed by which the configuration has to be read anew. */
  get outdatesConfiguration(): boolean {
    return this.#kinds.some(({ outdatesConfiguration }) => outdatesConfiguration);
  }
}
