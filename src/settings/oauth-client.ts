/** What an identity provider calls a client or a trust by begins so; the id follows. */
const PREFIX = "rcc_";
const FORM = /^rcc_([0-9a-f]{24})$/;

/** So many secrets of a client can live at once: the old one, the new one, and some for the hands of several admins. */
export const MOST_SECRETS = 5;

/** How long a secret lives that is given no end (ms): two years of 365 days. */
export const SECRET_LIFETIME = 2 * 365 * 86_400_000;

/** The `client_id` (RFC 6749 section 2.2) of a client or a trust. */
export function clientIdOf(id: string): string {
  return PREFIX + id;
}

/** The id in a `client_id`, or null when it is none of ours by its form. */
export function parseClientId(text: string): string | null {
  return FORM.exec(text)?.[1] ?? null;
}

/** A secret of a client, as far as its life goes; times in milliseconds. */
interface SecretLife {
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
}

/** Whether a secret is neither deleted nor at its end. */
export function isLiveSecret({ expiresAt, revokedAt }: SecretLife, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** Whether a live secret of a client may be deleted: a younger live one has been used, and this one not since then. */
export function isSuperseded(secret: SecretLife, all: readonly SecretLife[], now: number): boolean {
  if (!isLiveSecret(secret, now)) return false;
  return all.some(
    (other) =>
      other.createdAt > secret.createdAt &&
      isLiveSecret(other, now) &&
      other.lastUsedAt !== null &&
      other.lastUsedAt > (secret.lastUsedAt ?? 0),
  );
}
