import { equalsInConstantTime } from "../platform/constant-time.ts";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { hmacHex, importMacKey } from "../platform/random-and-hash.ts";
import { checksumOf } from "../platform/sealed-text.ts";

/** A token of the form before: `rcl_<id>_<secret>_<checksum><seal>`, the seal made with SESSION_SECRET itself. */
export interface OlderToken {
  id: string;
  secret: string;
  /** Made with SESSION_SECRET itself, for no one purpose. */
  seal: string;
}

const FORM = /^rcl_([0-9a-f]{24})_([0-9a-f]{64})_([0-9a-f]{8})([0-9a-f]{32})$/;

/** The parts of a token of the older form, or null when its form or its checksum is wrong. */
export function parseOlderToken(text: string): OlderToken | null {
  const [, id = "", secret = "", sum = "", seal = ""] = FORM.exec(text) ?? [];
  return id !== "" && checksumOf(`rcl_${id}_${secret}`) === sum ? { id, secret, seal } : null;
}

/** Whether the seal was made with SESSION_SECRET, or with the one before it. */
export async function isOlderSealed({ id, secret, seal }: OlderToken, secrets: SessionSecrets): Promise<boolean> {
  for (const text of [secrets.SESSION_SECRET, secrets.SESSION_SECRET_PREVIOUS]) {
    if (text === undefined || text === "") continue;
    const made = await hmacHex(await importMacKey(text), `token rcl_${id}_${secret}`);
    if (equalsInConstantTime(made.slice(0, 32), seal)) return true;
  }
  return false;
}
