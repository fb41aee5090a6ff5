import type { SessionSecrets } from "../platform/derived-keys.ts";
import { isSealed, readSealedText, sealText } from "../platform/sealed-text.ts";

/** How long an access token lives (seconds). */
export const ACCESS_TOKEN_SECONDS = 3_600;

/** Where the requests of an access token go, and which credential it was given for. Whether that lives is read from D1. */
export interface AccessGrant {
  companyId: string;
  companyKey: number;
  shard: string;
  settingId: string;
  settingKey: number;
  /** The client's secret, or the trust. */
  credentialId: string;
  /** When it ends (ms). */
  expiresAt: number;
}

const PREFIX = "rca_";
/** Company, its key and database; setting and its key; credential; end. */
const FORM = /^rca_([0-9a-f-]{36})\.(\d{1,16})\.(DB\d{0,4})\.([0-9a-f-]{36})\.(\d{1,16})\.([0-9a-f]{24})\.(\d{1,16})$/;

/** Whether a bearer token is an access token by its looks. */
export function isAccessToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** An access token (RFC 6749 section 1.4) that carries its grant under the deployment's seal: nothing of it is kept. */
export function sealAccessToken(secrets: SessionSecrets, grant: AccessGrant): Promise<string> {
  const { companyId, companyKey, shard, settingId, settingKey, credentialId, expiresAt } = grant;
  const parts = [companyId, companyKey, shard, settingId, settingKey, credentialId, expiresAt];
  return sealText(secrets, "access token seals", PREFIX + parts.join("."));
}

/** The grant of an access token, or null when this deployment did not seal it; whether it has ended is for the caller. */
export async function readAccessToken(secrets: SessionSecrets, text: string): Promise<AccessGrant | null> {
  const sealed = readSealedText(text);
  const match = sealed === null ? null : FORM.exec(sealed.body);
  if (sealed === null || match === null || !(await isSealed(secrets, "access token seals", sealed))) return null;
  const [, companyId = "", companyKey, shard = "", settingId = "", settingKey, credentialId = "", expiresAt] = match;
  return {
    ...{ companyId, companyKey: Number(companyKey), shard, settingId, settingKey: Number(settingKey) },
    ...{ credentialId, expiresAt: Number(expiresAt) },
  };
}
