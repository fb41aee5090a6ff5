import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Little to be laid out for each text: they are of 16 KB at most. */
const QUICK = { level: 1, windowBits: 14, memLevel: 5 };

/** A text deflated (RFC 1951), as Base64; what it may repeat of `known` is not told again. */
export function deflateText(text: string, known: Uint8Array): string {
  return deflateRawSync(Buffer.from(text), { ...QUICK, dictionary: known }).toString("base64");
}

/** The text that was deflated so, with the same `known`. */
export function inflateText(deflated: string, known: Uint8Array): string {
  return inflateRawSync(Buffer.from(deflated, "base64"), { dictionary: known }).toString();
}
