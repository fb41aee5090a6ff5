import { isoTime } from "../platform/clock.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { TokenRow } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { assertBelow } from "./assert-quota.ts";
import type { ConfigurationOperation, NewToken, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** Adds a token to a setting, beside those it has. */
export function createToken(
  context: OperationContext,
  operation: ConfigurationOperation & { kind: "createToken" },
): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const { unit } = context;
  if (!unit.config.tokens.has(operation.token.id)) {
    assertCredentialFits(unit, setting.key);
    insertToken(context, setting, operation.token);
  }
  return { kind: "done", id: operation.token.id, key: setting.key };
}

/** Whether a credential's row lets somebody in. */
export function isLiveRow({ revokedAt, expiresAt }: TokenRow, now: number): boolean {
  return revokedAt === null && (expiresAt ?? Number.POSITIVE_INFINITY) > now;
}

/** Refuses a further credential, of whatever kind, of a setting that has as many live ones as it may. */
export function assertCredentialFits(unit: UnitOfWork, key: number): void {
  const { config, now } = unit;
  const live = [...config.tokens.values()].filter((row) => row.settingKey === key && isLiveRow(row, now));
  assertBelow(unit, "credentialsPerSetting", live.length);
}

/** Says of a credential just made that it is there. */
export function recordCredential(
  { unit }: OperationContext,
  settingKey: number,
  { id, lastFour, expiresAt, kind, clientId }: NewToken & Pick<TokenRow, "kind" | "clientId">,
): void {
  const row = {
    settingKey,
    lastFour,
    expiresAt,
    kind,
    clientId,
    createdAt: unit.now,
    revokedAt: null,
    lastUsedAt: null,
  };
  unit.tokens.set(id, row);
}

/** Says of a setting's credentials for which it is so that they are revoked. */
export function recordRevoked({ unit }: OperationContext, isRevoked: (row: TokenRow, id: string) => boolean): void {
  for (const [id, row] of unit.tokens.entries())
    if (row.revokedAt === null && isRevoked(row, id)) unit.tokens.set(id, { ...row, revokedAt: unit.now });
}

/** Writes a token's row and says so in the feed. */
export function insertToken(context: OperationContext, setting: { key: number; id: string }, token: NewToken): void {
  const { unit } = context;
  unit.execute(
    sql`INSERT INTO tokens (setting_key, id, last_four, created_at, expires_at)
      VALUES (${setting.key}, ${token.id}, ${token.lastFour}, ${unit.now}, ${token.expiresAt})`,
  );
  recordCredential(context, setting.key, { kind: "token", clientId: null, ...token });
  context.announce({
    type: "token.created",
    subject: { kind: "token", id: token.id },
    userId: null,
    data: { settingId: setting.id, lastFour: token.lastFour, expiresAt: isoTime(token.expiresAt) },
  });
}

/** Revokes a token from the next request on; revoking it again changes nothing. */
export function revokeToken(
  context: OperationContext,
  operation: ConfigurationOperation & { kind: "revokeToken" },
): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const token = context.unit.config.tokens.get(operation.tokenId);
  if (token?.settingKey !== setting.key || token.kind !== "token")
    throw new ScimError("no_such_token", `Token ${operation.tokenId} does not exist in this SCIM setting.`);
  if (token.revokedAt !== null) return { kind: "done", id: operation.tokenId };
  context.unit.execute(
    sql`UPDATE tokens SET revoked_at = ${context.unit.now} WHERE setting_key = ${setting.key} AND id = ${operation.tokenId}`,
  );
  recordRevoked(context, (_, id) => id === operation.tokenId);
  context.announce({
    type: "token.revoked",
    subject: { kind: "token", id: operation.tokenId },
    userId: null,
    data: { settingId: setting.id },
  });
  return { kind: "done", id: operation.tokenId };
}
