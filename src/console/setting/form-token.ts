import { presentKey } from "../../platform/derived-keys.ts";
import { hmacHex } from "../../platform/random-and-hash.ts";
import { composeCredential, type MintedCredential } from "../../settings/credential.ts";
import { publishToken } from "../../settings/token-routing.ts";
import { findToken, type TokenRecord } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { SHOWN_AGAIN } from "../form-nonce.ts";

/**
 * The token of a form: its secret comes from the form's random nonce and the deployment's own secret, so one form for one
 * setting sent twice makes one token, and a lost answer can be had again. Neither is kept: nobody can make the token later.
 */
export async function mintFormToken(c: ConsoleContext, settingId: string, nonce: string): Promise<MintedCredential> {
  const { key } = await presentKey(c.env, "console forms");
  const from = `${c.var.company.id} ${settingId} ${nonce}`;
  const id = (await hmacHex(key, `token id ${from}`)).slice(0, 24);
  return composeCredential("token", c.env, id, await hmacHex(key, `token secret ${from}`));
}

/** Whether a token that a form made may be shown: it is there, and neither used nor old. */
export function mayShowToken(row: TokenRecord | null): row is TokenRecord {
  if (row === null || row.revokedAt !== null || row.lastUsedAt !== null) return false;
  return Date.now() - row.createdAt <= SHOWN_AGAIN;
}

/** Makes a committed token usable; false when it is not there (the setting was made by another form) or too old to show. */
export async function publishFormToken(
  c: ConsoleContext,
  setting: { id: string; key: number },
  token: MintedCredential,
): Promise<boolean> {
  const row = await findToken(c.var.database, setting.key, token.id);
  if (!mayShowToken(row)) return false;
  const { id: companyId, key: companyKey, shard } = c.var.company;
  const to = { companyId, companyKey, shard, settingId: setting.id, settingKey: setting.key };
  await publishToken(c.env, token.id, { hash: token.hash, ...to, expiresAt: row.expiresAt });
  return true;
}
