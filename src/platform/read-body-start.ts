/** The start of a body. */
interface Start {
  text: string;
  /** Whether that is all of it. */
  isWhole: boolean;
}

/** Reads a body up to `most` bytes as UTF-8 text; whatever it announces, no more of it is read. */
export async function readBodyStart(body: ReadableStream<Uint8Array> | null, most: number): Promise<Start> {
  if (body === null) return { text: "", isWhole: true };
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  for (let left = most; ; ) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), isWhole: true };
    const chunk = value.subarray(0, left);
    text += decoder.decode(chunk, { stream: true });
    left -= chunk.length;
    if (chunk.length === value.length) continue;
    // What comes of leaving the rest is nobody's business.
    reader.cancel().catch(() => undefined);
    return { text, isWhole: false };
  }
}
