/** How long after its making a secret is shown to the browser that sends its form again (ms): a double click, a lost answer. */
export const SHOWN_AGAIN = 2 * 60_000;

/** 256 random bits for a form that makes a secret: the form sent twice makes it once. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a form's text is such a nonce. */
export function isNonce(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text);
}
