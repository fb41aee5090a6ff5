import { presentKey } from "../../platform/derived-keys.ts";
import { hmacHex } from "../../platform/random-and-hash.ts";
import { composeCredential } from "../../settings/credential.ts";
import { SECRET_LIFETIME } from "../../settings/oauth-client.ts";
import type { ClientRecord } from "../../settings/oauth-client-store.ts";
import type { NewClientSecret } from "../../writer/operation.ts";
import type { ConsoleContext } from "../console-env.ts";
import { SHOWN_AGAIN } from "../form-nonce.ts";

/** A client's secret that a form makes: `secret` goes to the writer, `text` into the one answer. */
interface FormSecret {
  /** For the client, where the form makes one. */
  clientId: string;
  text: string;
  secret: NewClientSecret;
}

/**
 * The secret of a form, and the id of the client that it may make: both come from the form's random nonce, so that one form
 * for one setting sent twice makes one. It ends in two years unless `expiresAt` (ms) says otherwise.
 */
export async function mintFormSecret(
  c: ConsoleContext,
  settingId: string,
  nonce: string,
  expiresAt: number | null = null,
): Promise<FormSecret> {
  const end = expiresAt ?? Date.now() + SECRET_LIFETIME;
  const { key } = await presentKey(c.env, "console forms");
  const from = `${c.var.company.id} ${settingId} ${nonce}`;
  const id = (await hmacHex(key, `client secret id ${from}`)).slice(0, 24);
  const clientId = (await hmacHex(key, `client id ${from}`)).slice(0, 24);
  const random = await hmacHex(key, `client secret ${from}`);
  const { text, ...minted } = await composeCredential("clientSecret", c.env, id, random);
  return { clientId, text, secret: { ...minted, expiresAt: end } };
}

/** Whether a secret that a form made may be shown: it is there, and neither used nor old. */
export function mayShowSecret({ secrets }: ClientRecord, secretId: string): boolean {
  const row = secrets.find(({ id }) => id === secretId);
  if (row === undefined || row.revokedAt !== null || row.lastUsedAt !== null) return false;
  return Date.now() - row.createdAt <= SHOWN_AGAIN;
}
