import { describeError } from "../platform/passing-fault.ts";

/** Members of an object whose lists are written as their parts come. */
type StreamedLists = Record<string, AsyncGenerator<readonly unknown[]>>;

/**
 * An object as JSON text, some of whose members are lists that come in stretches: memory stays the same for a short list
 * and a long one. When a list fails on its way the text ends where it is, which is no JSON, and the Worker's log is told.
 */
export function streamJson(head: Record<string, unknown>, lists: StreamedLists): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = printParts(head, lists);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await parts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        console.error(JSON.stringify({ level: "error", room: "management-api", error: describeError(error) }));
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
