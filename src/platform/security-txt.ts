import { DAY, isoTime } from "./clock.ts";

/** How long the file may be taken for true (days); RFC 9116 section 2.5.5 asks for less than a year. */
const GOOD_FOR = 180;
const ADDRESS = /^(mailto:|https:\/\/|tel:)[!-+--~]+$/;

/**
 * The text of `/.well-known/security.txt` (RFC 9116) of an origin, or null while SECURITY_CONTACT names nobody: e-mail
 * addresses, telephone numbers or web addresses, as URIs (an e-mail address may stand as it is), with commas between.
 */
export function securityTxt(contacts: string | undefined, origin: string, now: number): string | null {
  const addresses = (contacts ?? "")
    .split(",")
    .map((text) => text.trim())
    .map((text) => (/^[^\s:/@]+@[^\s:/@]+$/.test(text) ? `mailto:${text}` : text))
    .filter((text) => ADDRESS.test(text));
  if (addresses.length === 0) return null;
  const lines = [
    ...addresses.map((address) => `Contact: ${address}`),
    `Expires: ${isoTime(Math.floor(now / DAY + GOOD_FOR) * DAY)}`,
    "Preferred-Languages: en",
    `Canonical: ${origin}/.well-known/security.txt`,
  ];
  return `${lines.join("\n")}\n`;
}
