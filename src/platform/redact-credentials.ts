/**
 * What looks like one of our own secrets: a token, a client's id or secret, an access token (`rcl_`, `rcc_`, `rcs_`, …), a
 * webhook's signing secret (`whsec_`), the cookie of a session, and the secret of a sign-in link or of one that confirms an
 * address. Each form begins with what no other text does, so
 * that a text is looked through once.
 */
const CREDENTIALS = /(rc[a-z]_|whsec_|rollcall_session(?:=|%3d)|(?:\/|%2f)(?:enter|confirm)(?:\/|%2f))[\w+/=.~-]{8,}/gi;

/** A text without anything that looks like one of our credentials; its first letters stay, to say of what kind it was. */
export function redactCredentials(text: string): string {
  return text.replace(CREDENTIALS, "$1[redacted]");
}
