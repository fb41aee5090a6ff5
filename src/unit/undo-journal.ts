/**
 * What the rows of a unit of work share: the undo list, by which everything an operation changes can be taken back, so that
 * it applies wholly or not at all; and which keys are still to be read.
 */
export class Journal {
  #undo: (() => void)[] = [];
  readonly #wanted: ReadonlySet<unknown>[] = [];

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

  /** Adds the keys that rows of one kind want, now or later. */
  watch(wanted: ReadonlySet<unknown>): void {
    this.#wanted.push(wanted);
  }

  /** Whether something is still to be read besides what these want. */
  isWantingBesides(others: readonly ReadonlySet<unknown>[]): boolean {
    return this.#wanted.some((wanted) => wanted.size > 0 && !others.includes(wanted));
  }

  /** Whether something is still to be read. */
  get isWanting(): boolean {
    return this.#wanted.some(({ size }) => size > 0);
  }
}
