import { createHash } from "node:crypto";

/** An id that tells these texts from others and nothing of what they say: 22 letters of their SHA-256, as base64url. */
export function opaqueId(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url").slice(0, 22);
}
