import type { SessionSecrets } from "../platform/derived-keys.ts";
import { isSealed, readSealedText, sealText } from "../platform/sealed-text.ts";

/** How long a link that confirms an address is good for (ms). */
export const CONFIRMATION_LIFE = 3 * 24 * 3_600_000;

/** What a link that confirms an address says. */
export interface Confirmation {
  companyId: string;
  channelId: string;
  nonce: string;
  expiresAt: number;
}

const FORM = /^rcm\.([0-9a-f-]{36})\.([0-9a-f-]{36})\.([0-9a-f]{1,64})\.([0-9]{1,15})$/;

/** The text in the link that confirms an address, under a key of its own. */
export function sealConfirmation(secrets: SessionSecrets, about: Confirmation): Promise<string> {
  const { companyId, channelId, nonce, expiresAt } = about;
  return sealText(secrets, "channel confirmations", `rcm.${companyId}.${channelId}.${nonce}.${expiresAt}`);
}

/** What such a text says, or null when this deployment did not seal it, or its time is over. */
export async function openConfirmation(
  secrets: SessionSecrets,
  text: string,
  now: number,
): Promise<Confirmation | null> {
  const sealed = readSealedText(text);
  const [, companyId, channelId, nonce, until] = FORM.exec(sealed?.body ?? "") ?? [];
  if (sealed === null || companyId === undefined || channelId === undefined || nonce === undefined) return null;
  const expiresAt = Number(until);
  if (expiresAt <= now || !(await isSealed(secrets, "channel confirmations", sealed))) return null;
  return { companyId, channelId, nonce, expiresAt };
}
