import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./wrangler.ts";

/** What `npm run dev` says when it cannot start. */
function dev(...args: string[]): Promise<{ code: unknown; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, "test/tools/dev.ts"), ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    );
  });
}

it("a port that is taken is told of with what to do, by whom it is taken, and nothing is started", async () => {
  for (const [body, by] of [
    ['{"status":"ok"}', "by a Rollcall that runs already (its addresses: npm run dev -- --info)"],
    ["hello", "by another program"],
  ] as const) {
    const server = createServer((_, response) => response.end(body));
    server.listen(0, "localhost");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, said } = await dev("--port", String(port));
    server.close();
    expect(code).toBe(1);
    expect(said).toBe(`Port ${port} is taken, ${by}. End it, or start on another: npm run dev -- --port ${port + 1}\n`);
  }
});
