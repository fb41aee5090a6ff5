import { type LoggedRequests, RENEWAL_METHOD } from "../log/log-entry.ts";

/** When a token was last used, and a setting last asked, is written once in this time (ms), not with every commit. */
const STEP = 5_000;

/** The tokens and settings of a commit's requests whose last use is due to be written. */
interface DueUses {
  tokens: { settingKey: number; id: string }[];
  settingKeys: number[];
}

/** When the last uses were written, as far as this writer knows. */
export class LastUses {
  readonly #written = new Map<string | number, number>();

  /** What the requests of a unit of work's log used, and has not been said of late. */
  dueIn({ logEntries, config, now }: LoggedRequests): DueUses {
    const isDue = (key: string | number) => now - (this.#written.get(key) ?? 0) >= STEP;
    const tokens = new Map<string, number>();
    const settingKeys = new Set<number>();
    for (const { settingId, tokenId, method, code } of logEntries) {
      const setting = config.settings.get(settingId);
      if (setting === undefined || method === RENEWAL_METHOD) continue;
      // A token that is mistyped connects nothing.
      if (code === "unknown_token") continue;
      if (isDue(setting.key)) settingKeys.add(setting.key);
      if (tokenId !== null && isDue(tokenId)) tokens.set(tokenId, setting.key);
    }
    return { tokens: [...tokens].map(([id, settingKey]) => ({ id, settingKey })), settingKeys: [...settingKeys] };
  }

  /** Remembers what a commit wrote. */
  remember({ tokens, settingKeys }: DueUses, now: number): void {
    for (const key of [...settingKeys, ...tokens.map(({ id }) => id)]) this.#written.set(key, now);
  }
}
