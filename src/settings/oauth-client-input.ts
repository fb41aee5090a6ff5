import * as z from "zod";
import { MOST_YEARS } from "./credential-end.ts";
import { givenName } from "./setting-input.ts";

const expiresAt = z.iso
  .datetime({ offset: true })
  .nullish()
  .describe(`In the future, ${MOST_YEARS.secret} years ahead at most`);
const claim = z.string().trim().min(1).max(500);

/** A new client with its first secret, which ends in two years unless `expiresAt` says otherwise. */
export const clientInput = z.strictObject({ name: givenName.nullish(), expiresAt });

/** A further secret of a client. */
export const clientSecretInput = z.strictObject({ expiresAt });

/** A new trust; whose keys may be fetched is judged by `judgeTrust`, which finds `jwksUrl` for issuers of Entra. */
export const trustInput = z.strictObject({ issuer: claim, subject: claim, audience: claim, jwksUrl: claim.nullish() });
