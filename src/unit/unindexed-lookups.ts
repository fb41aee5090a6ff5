import type { LoggedRequests } from "../log/log-entry.ts";

/** Look-ups are counted together for so long (ms). */
const WINDOW = 3_600_000;
/** Attributes that are remembered; forgetting them costs a provider a few more look-ups. */
const MAX_REMEMBERED = 1_000;

/** An attribute by which the provider of a setting looked users up, and how often of late. */
interface Lookup {
  settingKey: number;
  path: string;
  count: number;
}

/** What the providers of a company look users up by that no index of the directory's own finds, as far as this writer knows. */
export class Lookups {
  readonly #seen = new Map<string, { since: number; count: number }>();

  /** The attributes that the requests of a unit of work looked for, with how often they were of late, these included. */
  listIn({ logEntries, config, now }: LoggedRequests): Lookup[] {
    const found = new Map<string, Lookup>();
    for (const { settingId, lookedUp } of logEntries) {
      const setting = config.settings.get(settingId);
      if (lookedUp === undefined || setting === undefined) continue;
      const name = `${setting.key} ${lookedUp}`;
      const lookup = found.get(name) ?? { settingKey: setting.key, path: lookedUp, count: this.#countOf(name, now) };
      lookup.count += 1;
      found.set(name, lookup);
    }
    return [...found.values()];
  }

  /** Remembers what a commit wrote. */
  remember(logged: LoggedRequests): void {
    if (this.#seen.size > MAX_REMEMBERED) this.#seen.clear();
    for (const { settingKey, path, count } of this.listIn(logged)) {
      const name = `${settingKey} ${path}`;
      const isOf = this.#countOf(name, logged.now) > 0;
      this.#seen.set(name, { since: isOf ? (this.#seen.get(name)?.since ?? logged.now) : logged.now, count });
    }
  }

  #countOf(name: string, now: number): number {
    const seen = this.#seen.get(name);
    return seen === undefined || now - seen.since >= WINDOW ? 0 : seen.count;
  }
}
