/** Tells texts apart in 64 bits, as letters, digits and one hyphen; nothing secret may hang on it. */
export function textDigest(text: string): string {
  return [0x9e3779b1, 0x85ebca77].map((factor) => hash(text, factor).toString(36)).join("-");
}

/** Each unit is multiplied in and turned, so that it reaches every bit; the end stirs what came last. */
function hash(text: string, factor: number): number {
  let state = factor;
  for (let index = 0; index < text.length; index += 1) {
    const product = Math.imul(state ^ text.charCodeAt(index), factor);
    state = (product << 13) | (product >>> 19);
  }
  const stirred = Math.imul(state ^ (state >>> 16), 0xc2b2ae3d);
  return (stirred ^ (stirred >>> 15)) >>> 0;
}
