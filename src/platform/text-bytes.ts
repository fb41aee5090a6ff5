import { Buffer } from "node:buffer";

/** How many bytes a text takes in UTF-8, without making them. */
export function bytesOfText(text: string): number {
  return Buffer.byteLength(text);
}
