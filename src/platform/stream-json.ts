import { BREATH, pause } from "./clock.ts";
import { describeError } from "./transient-fault.ts";

/** Members of an object whose lists are written as their parts come. */
type StreamedLists = Record<string, AsyncGenerator<readonly unknown[]>>;

/**
 * An object as JSON text, some of whose members are lists that come in stretches: memory stays the same for a short list
 * and a long one. When a list fails on its way the text ends where it is, which is no JSON, and the Worker's log is told.
 */
export function streamJson(head: Record<string, unknown>, lists: StreamedLists): ReadableStream<Uint8Array> {
  return streamText(printParts(head, lists));
}

/** Stretches of values as lines of JSON, each ended by a line feed; where a stretch fails the text ends. */
export function streamLines(stretches: AsyncGenerator<readonly unknown[]>): ReadableStream<Uint8Array> {
  return streamText(printLines(stretches));
}

async function* printLines(stretches: AsyncGenerator<readonly unknown[]>): AsyncGenerator<string, void> {
  for await (const values of stretches) yield values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

function streamText(parts: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        // For a client that takes everything at once nobody else's requests would be read.
        await pause(BREATH);
        const { value, done } = await parts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        console.error(JSON.stringify({ level: "error", room: "platform", error: describeError(error) }));
        controller.error(error);
      }
    },
  });
}

async function* printParts(head: Record<string, unknown>, lists: StreamedLists): AsyncGenerator<string, void> {
  yield JSON.stringify(head).slice(0, -1);
  for (const [name, stretches] of Object.entries(lists)) {
    yield `,${JSON.stringify(name)}:[`;
    let isFirst = true;
    for await (const items of stretches) {
      if (items.length === 0) continue;
      yield (isFirst ? "" : ",") + items.map((item) => JSON.stringify(item)).join();
      isFirst = false;
    }
    yield "]";
  }
  yield "}";
}
