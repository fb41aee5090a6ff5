import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { runOpenLoop } from "./open-loop.ts";

/** A server that answers nobody before so many requests have come, and then everybody. */
async function openStubborn(needed: number) {
  const held: ServerResponse[] = [];
  let paths: string[] = [];
  const server = createServer((request, response) => {
    paths = [...paths, request.url ?? ""];
    held.push(response);
    if (paths.length >= needed) for (const each of held.splice(0)) each.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return { baseUrl: `http://127.0.0.1:${port}`, seen: () => paths, close: () => server.close() };
}

const FAST = { rate: 10_000, seconds: 0.002 };

function courseTo(baseUrl: string, expect: readonly number[] = [204]) {
  return { baseUrl, token: "x", request: (n: number) => ({ sent: { method: "GET", path: `/${n}` }, expect }) };
}

describe("a load at a steady rate", () => {
  it("goes on sending while nothing is answered, so that a pause is felt by all who were due in it", async () => {
    const server = await openStubborn(20);
    const { latencies, errors } = await runOpenLoop(courseTo(server.baseUrl), { ...FAST, connections: 20 });
    expect([latencies.length, errors]).toEqual([20, 0]);
    server.close();
  });

  it("sends those later for whom there was no connection, in their order, and drops nobody", async () => {
    const server = await openStubborn(1);
    const { latencies } = await runOpenLoop(courseTo(server.baseUrl), { ...FAST, connections: 1 });
    expect(latencies).toHaveLength(20);
    expect(server.seen()).toEqual(Array.from({ length: 20 }, (_, n) => `/${n}`));
    server.close();
  });

  it("counts answers of another status than the one that is right", async () => {
    const server = await openStubborn(1);
    const { errors } = await runOpenLoop(courseTo(server.baseUrl, [200]), { ...FAST, connections: 2 });
    expect(errors).toBe(20);
    server.close();
  });
});
