import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import type { PublishedChange } from "../../src/changes/published-change.ts";
import { type Demo, readDemo } from "./demo.ts";
import { ROOT } from "./wrangler.ts";

const PORT = Number(process.env.PORT ?? "8790");
const TARGET = `http://localhost:${PORT}/rollcall`;

const USAGE = `npm run demo:receiver

Listens at ${TARGET} (PORT=8790 is its port), becomes a webhook of the demo company of "npm run dev", verifies what
arrives and prints it, a line for each change. Ctrl-C ends it; the next start goes on where it was.`;

interface Registered {
  id: string;
  url: string;
  secret: string;
  behind: number;
}

/** What arrived so far: the ids, and the names of people by their ids. */
interface Seen {
  ids: Set<string>;
  people: Map<string, string>;
}

/** `npm run demo:receiver`: becomes a webhook of the demo company, verifies what arrives and prints it, a line a change. */
async function main(): Promise<void> {
  if (process.argv.includes("--help")) return console.log(USAGE);
  const file = join(ROOT, ".wrangler/rollcall-dev.json");
  if (!existsSync(file))
    throw new Error("There is no demo company yet: start `npm run dev` first, in another terminal.");
  const demo = readDemo(file);
  const seen: Seen = { ids: new Set(), people: new Map() };
  let verifier: Webhook | null = null;
  const server = createServer((request, response) => {
    void readText(request).then((body) => answer(request, response, body, verifier, seen));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", (error) =>
      reject(
        "code" in error && error.code === "EADDRINUSE"
          ? new Error(`Port ${PORT} is taken: PORT=${PORT + 1} npm run demo:receiver`)
          : error,
      ),
    );
    server.listen(PORT, "localhost", resolve);
  });
  const webhook = await register(demo);
  verifier = new Webhook(webhook.secret);
  console.log(`Listening at ${TARGET}, a webhook of company ${demo.companyId}. Every signature is verified.`);
  if (webhook.behind > 0)
    console.log(`${webhook.behind} changes happened while this receiver was away: here they come.`);
  console.log("Let people arrive: npm run simulate -- entra --users 5 --groups 1\n");
}

/** The webhook of an earlier start gets a new secret and goes on where it was; without one, one is made. */
async function register(demo: Demo): Promise<Registered> {
  const { items } = await call<{ items: Registered[] }>(demo, "GET", "");
  const mine = items.find(({ url }) => url === TARGET);
  if (mine === undefined) return call<Registered>(demo, "POST", "", { url: TARGET });
  const rotated = await call<Registered>(demo, "POST", `/${mine.id}/rotate-secret`, { overlapHours: 0 });
  await call(demo, "POST", `/${mine.id}/resume`, {});
  return rotated;
}

async function call<Answer>(demo: Demo, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${demo.baseUrl}/api/v1/companies/${demo.companyId}/webhooks${path}`, {
    method,
    headers: { authorization: `Bearer ${demo.operatorKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Error(`Nothing answers at ${demo.baseUrl}: start \`npm run dev\` first, in another terminal.`);
  });
  if (!response.ok) throw new Error(`${method} …/webhooks${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer; // the contract of the management API
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  verifier: Webhook | null,
  seen: Seen,
): void {
  // Not yet registered: whoever calls is asked to come again.
  if (verifier === null) return void response.writeHead(503, { "Retry-After": "1" }).end();
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  let change: PublishedChange;
  try {
    change = verifier.verify(body, headers) as PublishedChange; // what Rollcall signed is in the shape it publishes
  } catch (error) {
    console.log(`refused: ${error instanceof Error ? error.message : String(error)}`);
    return void response.writeHead(401).end("not signed with this webhook's secret");
  }
  console.log(describe(change, seen));
  seen.ids.add(change.id);
  response.writeHead(204).end();
}

function describe(change: PublishedChange, { ids, people }: Seen): string {
  const { id, time, type, subject, data } = change;
  if (typeof data.userName === "string") people.set(subject.id, data.userName);
  // An enrolment tells whose it is by id; that person's own changes came before it.
  const person = data.userName ?? people.get(String(data.userId)) ?? data.userId;
  const parts = [person, data.groupName, data.name].filter((part) => typeof part === "string");
  const what = parts.length > 0 ? parts.join(" · ") : `${subject.kind} ${subject.id}`;
  const latency = `${Date.now() - Date.parse(time)} ms`;
  return `${time.slice(11, 23)} ${latency.padStart(8)}  ${type.padEnd(20)}  ${what}${ids.has(id) ? "  (again)" : ""}`;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
