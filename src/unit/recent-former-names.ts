/** How long (ms) rows of requests may come after the person whom they name is called otherwise. */
const LATEST = 60_000;
/** Of more names only the latest are remembered. */
const MOST = 20_000;

/**
 * What people were called until a short while ago. The rows of reads come after the answer, gathered at the door: one that
 * asks for such a name may be older than the change that took it away.
 */
export class RecentNames {
  readonly #until = new Map<string, number>();

  /** Takes names, folded as the log's labels are, that nobody is called by since `now` (ms). */
  remember(names: Iterable<string>, now: number): void {
    for (const name of names) {
      this.#until.delete(name);
      this.#until.set(name, now + LATEST);
    }
    for (const [name, until] of this.#until) {
      if (until > now && this.#until.size <= MOST) break;
      this.#until.delete(name);
    }
  }

  /** Whether somebody was called so until shortly before `now`. */
  has(name: string, now: number): boolean {
    return (this.#until.get(name) ?? 0) > now;
  }
}
