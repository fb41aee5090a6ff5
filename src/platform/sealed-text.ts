import { equalsInConstantTime } from "./constant-time.ts";
import { acceptedKeys, type KeyPurpose, presentKey, type SessionSecrets } from "./derived-keys.ts";
import { hmacHex } from "./random-and-hash.ts";

/** A text taken apart whose checksum is right: anybody can have made it, unless its seal holds. */
export interface SealedText {
  body: string;
  seal: string;
}

const SEAL_DIGITS = 40;
const CHECKSUM_DIGITS = 8;
const TAIL = /^_[0-9a-f]{48}$/;

/**
 * `<body>_<seal><checksum>` of an ASCII body: the seal can only be made with the deployment's own secret, the checksum
 * (a CRC of all before it) by anybody. By the checksum a mistyped text is refused without a look-up, and a scanner knows a
 * leaked one.
 */
export async function sealText(secrets: SessionSecrets, purpose: KeyPurpose, body: string): Promise<string> {
  const { key } = await presentKey(secrets, purpose);
  const sealed = `${body}_${await sealOf(key, body)}`;
  return sealed + checksumOf(sealed);
}

/** The parts of such a text, or null when its form or its checksum is wrong. */
export function readSealedText(text: string): SealedText | null {
  const end = text.length - SEAL_DIGITS - CHECKSUM_DIGITS;
  if (end < 2 || !TAIL.test(text.slice(end - 1))) return null;
  const sum = text.slice(-CHECKSUM_DIGITS);
  if (checksumOf(text.slice(0, -CHECKSUM_DIGITS)) !== sum) return null;
  return { body: text.slice(0, end - 1), seal: text.slice(end, -CHECKSUM_DIGITS) };
}

/**
 * Whether this deployment sealed the text for this purpose, with its present secret or the one before it. False for all
 * seals of a secret that is too short: whoever has one text could find it out, and seal others.
 */
export async function isSealed(secrets: SessionSecrets, purpose: KeyPurpose, text: SealedText): Promise<boolean> {
  for (const { key, isStrong } of await acceptedKeys(secrets, purpose))
    if (isStrong && equalsInConstantTime(await sealOf(key, text.body), text.seal)) return true;
  return false;
}

async function sealOf(key: CryptoKey, body: string): Promise<string> {
  return (await hmacHex(key, body)).slice(0, SEAL_DIGITS);
}

/** The CRC-32 of each byte. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 (ISO 3309) of an ASCII text, as eight hex digits. */
export function checksumOf(text: string): string {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1)
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}
