/**
 * What looks like one of our own secrets: a token, a client's id or secret, an access token (`rcl_`, `rcc_`, `rcs_`, …), a
 * webhook's signing secret (`whsec_`), and the secret of a sign-in link. Each form begins with what no other text does, so
 * that a text is looked through once.
 */
const CREDENTIALS = /(rc[a-z]_|whsec_|(?:\/|%2f)enter(?:\/|%2f))[\w+/=.~-]{8,}/gi;

/** A text without anything that looks like one of our credentials; its first letters stay, to say of what kind it was. */
export function redactCredentials(text: string): string {
  return text.replace(CREDENTIALS, "$1[redacted]");
}
