import * as z from "zod";
import { SECRET_LIFETIME } from "./oauth-client.ts";
import { givenName } from "./setting-input.ts";
import { readExpiry } from "./token-input.ts";

const expiresAt = z.iso.datetime({ offset: true }).nullish();
const claim = z.string().trim().min(1).max(500);

/** A new client with its first secret, which ends in two years unless `expiresAt` says otherwise. */
export const clientInput = z.strictObject({ name: givenName.nullish(), expiresAt });

/** A further secret of a client. */
export const clientSecretInput = z.strictObject({ expiresAt });

/** A new trust; whose keys may be fetched is judged by `judgeTrust`, which finds `jwksUrl` for issuers of Entra. */
export const trustInput = z.strictObject({ issuer: claim, subject: claim, audience: claim, jwksUrl: claim.nullish() });

/** The end of a new secret (ms): in two years unless it is given; undefined when it is not in the future of `now`. */
export function readSecretEnd(given: string | null | undefined, now: number): number | undefined {
  const end = readExpiry(given, now);
  return end === null ? now + SECRET_LIFETIME : end;
}
