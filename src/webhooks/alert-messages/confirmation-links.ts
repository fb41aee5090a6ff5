import type { SessionSecrets } from "../../platform/derived-keys.ts";
import { isSealed, readSealedText, sealText } from "../../platform/sealed-text.ts";
import { textDigest } from "../../platform/text-digest.ts";

/** How long a link that confirms an address is good for (ms). */
export const CONFIRMATION_LIFE = 3 * 24 * 3_600_000;

/** What a link that confirms an address says. */
interface Confirmation {
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

/** A link that was asked for, by the digest of its address; times in milliseconds. */
export interface AskedLink {
  address: string;
  askedAt: number;
}

/** How long links are remembered (ms). */
export const LINKS_KEPT = 24 * 3_600_000;
/** How long after a link to an address the next one may follow (ms), and how many in a day to it, and of a company. */
const LINK_PAUSE = 10 * 60_000;
const LINKS_OF_ADDRESS = 5;
const LINKS_OF_COMPANY = 40;

/** What an address is known by among the links, however its case is written. */
export function addressDigest(address: string): string {
  return textDigest(address.toLowerCase());
}

/**
 * Why no further link may go to an address at `now`, or null. Each is a message to somebody who has not asked for it, so
 * adding and removing an address, or asking again, sends no more than this.
 */
export function refuseLink(asked: readonly AskedLink[], address: string, now: number): string | null {
  const times = asked.filter(({ askedAt }) => askedAt > now - LINKS_KEPT);
  const toIt = times.filter((link) => link.address === addressDigest(address));
  if (toIt.some(({ askedAt }) => askedAt > now - LINK_PAUSE))
    return "A link was sent to this address a moment ago. Wait ten minutes before you ask for another one.";
  if (toIt.length >= LINKS_OF_ADDRESS)
    return `${LINKS_OF_ADDRESS} links were sent to this address within a day. Try again tomorrow.`;
  if (times.length >= LINKS_OF_COMPANY)
    return `${LINKS_OF_COMPANY} links were sent to addresses of this company within a day. Try again tomorrow.`;
  return null;
}
