import { isoTime } from "../platform/clock.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { clientIdOf, MOST_SECRETS } from "../settings/oauth-client.ts";
import type { TokenRow } from "../unit/company-config.ts";
import { assertCredentialFits, isLiveRow, recordCredential, recordRevoked } from "./configure-tokens.ts";
import type { ConfigurationOperation, NewClient, NewClientSecret, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** What a credential's row belongs to. */
interface Owner {
  key: number;
  id: string;
}

/** Makes an OAuth client of a setting with its first secret; the same id again gives the client that is there. */
export function createClient(context: OperationContext, { settingId, ...made }: Of<"createClient">): Outcome {
  const setting = context.requireSetting(settingId);
  if (!context.unit.config.clients.has(made.client.id)) {
    assertCredentialFits(context.unit, setting.key);
    insertClient(context, setting, made);
  }
  return { kind: "done", id: made.client.id, key: setting.key };
}

/** Writes a client's row and that of its first secret, and says so in the feed. */
export function insertClient(context: OperationContext, setting: Owner, { client, secret }: NewClient): void {
  const { unit } = context;
  unit.execute(
    sql`INSERT INTO oauth_clients (setting_key, id, name, created_at)
      VALUES (${setting.key}, ${client.id}, ${client.name}, ${unit.now})`,
  );
  context.announce({
    type: "client.created",
    subject: { kind: "client", id: client.id },
    userId: null,
    data: { settingId: setting.id, clientId: clientIdOf(client.id), name: client.name },
  });
  insertSecret(context, setting, client.id, secret);
}

/** Adds a secret to a client, beside those it has: up to five can live at once. */
export function createClientSecret(
  context: OperationContext,
  { settingId, clientId, secret }: Of<"createClientSecret">,
): Outcome {
  const setting = context.requireSetting(settingId);
  requireClient(context, setting, clientId);
  const { config, now } = context.unit;
  if (config.tokens.has(secret.id)) return { kind: "done", id: secret.id, key: setting.key };
  const live = [...config.tokens.values()].filter((row) => row.clientId === clientId && isLiveRow(row, now));
  if (live.length >= MOST_SECRETS)
    throw new ScimError(
      "too_many_secrets",
      `This client has ${MOST_SECRETS} live secrets, and can have no more at once: delete one that is not needed.`,
    );
  assertCredentialFits(context.unit, setting.key);
  insertSecret(context, setting, clientId, secret);
  return { kind: "done", id: secret.id, key: setting.key };
}

function insertSecret(context: OperationContext, setting: Owner, clientId: string, secret: NewClientSecret): void {
  const { unit } = context;
  unit.execute(
    sql`INSERT INTO tokens (setting_key, id, last_four, created_at, expires_at, kind, client_id, secret_hash)
      VALUES (${setting.key}, ${secret.id}, ${secret.lastFour}, ${unit.now}, ${secret.expiresAt}, 'secret', ${clientId},
        ${secret.hash})`,
  );
  recordCredential(context, setting.key, { ...secret, kind: "secret", clientId });
  context.announce({
    type: "client_secret.created",
    subject: { kind: "client_secret", id: secret.id },
    userId: null,
    data: {
      settingId: setting.id,
      clientId: clientIdOf(clientId),
      lastFour: secret.lastFour,
      expiresAt: isoTime(secret.expiresAt),
    },
  });
}

/** Deletes a client with all its secrets; their access tokens end with the next request. Again it changes nothing. */
export function revokeClient(context: OperationContext, { settingId, clientId }: Of<"revokeClient">): Outcome {
  const setting = context.requireSetting(settingId);
  const client = context.unit.config.clients.get(clientId);
  if (client === undefined || client.settingKey !== setting.key) throw noClient(clientId);
  if (client.revokedAt !== null) return { kind: "done", id: clientId };
  const { unit } = context;
  unit.execute(
    sql`UPDATE oauth_clients SET revoked_at = ${unit.now} WHERE setting_key = ${setting.key} AND id = ${clientId}`,
  );
  unit.execute(
    sql`UPDATE tokens SET revoked_at = ${unit.now}
      WHERE setting_key = ${setting.key} AND client_id = ${clientId} AND revoked_at IS NULL`,
  );
  recordRevoked(context, (row) => row.clientId === clientId);
  context.announce({
    type: "client.revoked",
    subject: { kind: "client", id: clientId },
    userId: null,
    data: { settingId: setting.id, clientId: clientIdOf(clientId) },
  });
  return { kind: "done", id: clientId };
}

/** Deletes a secret of a client; its access tokens end with the next request. Again it changes nothing. */
export function revokeClientSecret(context: OperationContext, operation: Of<"revokeClientSecret">): Outcome {
  const { settingId, clientId, secretId } = operation;
  const setting = context.requireSetting(settingId);
  const secret = context.unit.config.tokens.get(secretId);
  if (secret?.settingKey !== setting.key || secret.kind !== "secret" || secret.clientId !== clientId)
    throw new ScimError("no_such_secret", `Secret ${secretId} does not exist in this client.`);
  revokeRow(context, setting, secretId, secret, {
    type: "client_secret.revoked",
    subject: { kind: "client_secret", id: secretId },
    data: { settingId: setting.id, clientId: clientIdOf(clientId) },
  });
  return { kind: "done", id: secretId };
}

/** Makes a trust of a setting; the same id again gives the one that is there. */
export function createTrust(context: OperationContext, { settingId, trust }: Of<"createTrust">): Outcome {
  const setting = context.requireSetting(settingId);
  const { unit } = context;
  const { id, issuer, subject, audience, jwksUrl } = trust;
  if (unit.config.tokens.has(id)) return { kind: "done", id, key: setting.key };
  assertCredentialFits(unit, setting.key);
  unit.execute(
    sql`INSERT INTO tokens (setting_key, id, last_four, created_at, kind)
      VALUES (${setting.key}, ${id}, ${id.slice(-4)}, ${unit.now}, 'trust')`,
  );
  unit.execute(
    sql`INSERT INTO oauth_trusts (setting_key, id, issuer, subject, audience, jwks_url)
      VALUES (${setting.key}, ${id}, ${issuer}, ${subject}, ${audience}, ${jwksUrl})`,
  );
  recordCredential(context, setting.key, {
    id,
    lastFour: id.slice(-4),
    expiresAt: null,
    kind: "trust",
    clientId: null,
  });
  context.announce({
    type: "trust.created",
    subject: { kind: "trust", id },
    userId: null,
    data: { settingId: setting.id, clientId: clientIdOf(id), issuer, subject, audience },
  });
  return { kind: "done", id, key: setting.key };
}

/** Deletes a trust; its access tokens end with the next request. Again it changes nothing. */
export function revokeTrust(context: OperationContext, { settingId, trustId }: Of<"revokeTrust">): Outcome {
  const setting = context.requireSetting(settingId);
  const trust = context.unit.config.tokens.get(trustId);
  if (trust?.settingKey !== setting.key || trust.kind !== "trust")
    throw new ScimError("no_such_trust", `Trust ${trustId} does not exist in this SCIM setting.`);
  revokeRow(context, setting, trustId, trust, {
    type: "trust.revoked",
    subject: { kind: "trust", id: trustId },
    data: { settingId: setting.id, clientId: clientIdOf(trustId) },
  });
  return { kind: "done", id: trustId };
}

function revokeRow(
  context: OperationContext,
  setting: Owner,
  id: string,
  row: TokenRow,
  change: Omit<Parameters<OperationContext["announce"]>[0], "userId">,
): void {
  if (row.revokedAt !== null) return;
  const { unit } = context;
  unit.execute(sql`UPDATE tokens SET revoked_at = ${unit.now} WHERE setting_key = ${setting.key} AND id = ${id}`);
  recordRevoked(context, (_, other) => other === id);
  context.announce({ ...change, userId: null });
}

function requireClient(context: OperationContext, setting: Owner, clientId: string): void {
  const client = context.unit.config.clients.get(clientId);
  if (client?.settingKey !== setting.key || client.revokedAt !== null) throw noClient(clientId);
}

function noClient(clientId: string): ScimError {
  return new ScimError("no_such_client", `Client ${clientId} does not exist in this SCIM setting.`);
}
