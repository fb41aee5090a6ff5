/** Rows of one kind, as far as it matters whether some of them are still to be read. */
interface Wanting {
  readonly isWanting: boolean;
}

/**
 * What the rows of a unit of work share: the undo list, by which everything an operation changes can be taken back, so that
 * it applies wholly or not at all; and which keys are still to be read.
 */
export class Journal {
  #undo: (() => void)[] = [];
  readonly #watched: Wanting[] = [];

  /** A place to roll back to. */
  mark(): number {
    return this.#undo.length;
  }

  /** Notes how to take one change back. */
  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Takes back all changes since `mark`, the latest first. */
  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Adds the rows of one kind, which want keys now or later. */
  watch(rows: Wanting): void {
    this.#watched.push(rows);
  }

  /** Whether something is still to be read besides what these want. */
  isWantingBesides(others: readonly Wanting[]): boolean {
    return this.#watched.some((rows) => rows.isWanting && !others.includes(rows));
  }

  /** Whether something is still to be read. */
  get isWanting(): boolean {
    return this.#watched.some(({ isWanting }) => isWanting);
  }
}
