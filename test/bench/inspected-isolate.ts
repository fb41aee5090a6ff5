/** An isolate of workerd by its debugger (https://chromedevtools.github.io/devtools-protocol/). */
export class InspectedIsolate {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: never) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#waiting.get(id)?.(result as never); // what the protocol says of the method that was called
      this.#waiting.delete(id);
    });
  }

  /** The isolate of a Worker, by where the debugger of its runtime is. */
  static async open(inspector: URL, worker: string): Promise<InspectedIsolate> {
    const response = await fetch(new URL("/json", String(inspector).replace(/^ws/, "http")));
    const targets = (await response.json()) as { id: string; webSocketDebuggerUrl: string }[]; // by the protocol
    const target = targets.find(({ id }) => id === `core:user:${worker}`);
    if (target === undefined) throw new Error(`there is no isolate of ${worker}`);
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    return new InspectedIsolate(socket);
  }

  call<Result>(method: string, params: object = {}): Promise<Result> {
    const id = this.#waiting.size === 0 ? 1 : Math.max(...this.#waiting.keys()) + 1;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Bytes that are alive after everything else was collected. */
  async alive(): Promise<number> {
    await this.call("HeapProfiler.collectGarbage");
    return (await this.call<{ usedSize: number }>("Runtime.getHeapUsage")).usedSize;
  }

  /** Bytes that some work allocated, by sampling; with `onlyKept`, those that outlived the next collection of what is young. */
  async allocated(work: () => Promise<void>, onlyKept: boolean): Promise<number> {
    await this.call("HeapProfiler.startSampling", {
      samplingInterval: 8_192,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: !onlyKept,
    });
    await work();
    const { profile } = await this.call<{ profile: { head: Node } }>("HeapProfiler.stopSampling");
    return sizeOf(profile.head);
  }

  close(): void {
    this.#socket.close();
  }
}

interface Node {
  selfSize: number;
  children: Node[];
}

function sizeOf({ selfSize, children }: Node): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
