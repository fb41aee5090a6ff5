import { acceptedKeys, type SessionSecrets } from "../platform/derived-keys.ts";
import { hmacHex } from "../platform/random-and-hash.ts";

/** 128 bits of the digest are kept. */
const LENGTH = 32;

/**
 * What is kept of names that refused writes gave: digests under a key of the deployment's secret, which tell names apart and
 * let nobody who has the table alone try names on. Those under the secret before are known while that one is accepted.
 */
export class NameDigests {
  readonly #keyIds: readonly string[];
  readonly #digests: ReadonlyMap<string, readonly string[]>;

  private constructor(keyIds: readonly string[], digests: ReadonlyMap<string, readonly string[]>) {
    this.#keyIds = keyIds;
    this.#digests = digests;
  }

  /** Makes the digests of some names of a company; of none where no secret is long enough to be a key. */
  static async of(secrets: SessionSecrets, companyId: string, names: Iterable<string>): Promise<NameDigests> {
    const keys = (await acceptedKeys(secrets, "names of refused writes")).filter(({ isStrong }) => isStrong);
    const digest = (name: string) =>
      Promise.all(
        keys.map(async ({ id, key }) => `${id}.${(await hmacHex(key, `${companyId} ${name}`)).slice(0, LENGTH)}`),
      );
    const made = await Promise.all([...new Set(names)].map(async (name) => [name, await digest(name)] as const));
    return new NameDigests(
      keys.map(({ id }) => id),
      new Map(made),
    );
  }

  /** The digest of a name under the present key; null for no name, and for lack of a key. */
  present(name: string | null): string | null {
    return this.all(name)[0] ?? null;
  }

  /** The digests that a name may be kept as, the present one first. */
  all(name: string | null): readonly string[] {
    return name === null ? [] : (this.#digests.get(name) ?? []);
  }

  /** Whether a name that gives this digest could be known again. */
  isReadable(digest: string): boolean {
    return this.#keyIds.some((id) => digest.startsWith(`${id}.`));
  }
}
