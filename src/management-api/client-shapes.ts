import * as z from "zod";
import { time } from "./answer-shapes.ts";

/** A secret of an OAuth client, without the secret. */
export const clientSecretShape = z.object({
  id: z.string(),
  lastFour: z.string(),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
  superseded: z.boolean().describe("A younger secret of the client has been used since this one was: delete this one"),
});

/** A secret in the one answer that carries it. */
export const newClientSecretShape = clientSecretShape.extend({
  secret: z.string().optional().describe("Left out of the answer to a repeated request"),
});

/** An OAuth client (RFC 6749 section 4.4) with its secrets, live and deleted. */
export const clientShape = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string(),
  tokenEndpoint: z.url(),
  createdAt: time,
  revokedAt: time.nullable(),
  secrets: z.array(clientSecretShape),
});

/** An OAuth client in the one answer that carries its first secret. */
export const newClientShape = clientShape.extend({ secret: newClientSecretShape });

/** A trust in what another issuer signs (RFC 7523). */
export const trustShape = z.object({
  id: z.string(),
  clientId: z.string(),
  tokenEndpoint: z.url(),
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
  jwksUrl: z.url(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});
