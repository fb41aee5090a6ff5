import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { buffer } from "node:stream/consumers";

/** The account that the stand-in has; it takes any API token. */
export const ACCOUNT = "0123456789abcdef0123456789abcdef";

/** A Worker as it was uploaded last. */
export interface StandInWorker {
  version: string;
  /** Secrets' values, by name. */
  secrets: Record<string, string>;
  bindings: Binding[];
  placement: unknown;
}

interface Binding {
  type: string;
  name: string;
  [member: string]: unknown;
}

/** What the stand-in holds, and which calls it got. */
export interface StandIn {
  url: string;
  databases: { uuid: string; name: string; jurisdiction: string | null; location: string | null; sql: DatabaseSync }[];
  namespaces: { id: string; title: string }[];
  workers: Map<string, StandInWorker>;
  /** The calls, as method and path below the account. */
  calls: string[];
  /** Which calls fail, by their text and number (from 1); null when none does. */
  failWhen: ((call: string, number: number) => boolean) | null;
  /** Whether a call that fails is done all the same, its answer lost. */
  losesAnswer: boolean;
  close(): void;
}

interface Reply {
  status: number;
  result?: unknown;
  code?: number;
}

/** One that wrangler does not try again by itself. */
const FAULT: Reply = { status: 403, code: 9109 };
const missing = (code: number): Reply => ({ status: 404, code });
const done = (result: unknown): Reply => ({ status: 200, result });

/** Starts what of Cloudflare's API `npm run deploy` has wrangler call, in memory, with SQLite in place of D1. */
export async function startStandIn(): Promise<StandIn> {
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "", "http://stand-in");
    const path = url.pathname.replace(/^.*\/accounts\/\w+/, "");
    const call = `${incoming.method} ${path}`;
    const number = standIn.calls.push(call);
    const fails = standIn.failWhen?.(call, number) === true;
    const body = await buffer(incoming);
    const reply = fails && !standIn.losesAnswer ? FAULT : await answer(standIn, incoming, path, body);
    const { status, result, code } = fails ? FAULT : reply;
    const errors =
      status < 400 ? [] : [{ code, message: `the stand-in answers ${status} to ${incoming.method} ${path}` }];
    outgoing.writeHead(status, { "Content-Type": "application/json" });
    outgoing.end(JSON.stringify({ success: status < 400, errors, messages: [], result: result ?? null }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}/client/v4`,
    databases: [],
    namespaces: [],
    workers: new Map(),
    calls: [],
    failWhen: null,
    losesAnswer: false,
    close: () => void server.close(),
  };
  return standIn;
}

async function answer(standIn: StandIn, incoming: IncomingMessage, path: string, body: Buffer): Promise<Reply> {
  const [area, ...rest] = path.split("/").slice(1);
  const { method = "" } = incoming;
  if (area === "d1") return answerD1(standIn, method, rest, body);
  if (area === "storage") return answerKv(standIn, incoming, body);
  if (area === "workers") return answerWorkers(standIn, incoming, rest, body);
  return missing(7003);
}

function answerD1({ databases }: StandIn, method: string, [, id, action]: string[], body: Buffer): Reply {
  if (id === undefined && method === "GET") return done(databases.map(({ sql: _, ...database }) => database));
  if (id === undefined) {
    const { name, jurisdiction = null, primary_location_hint: location = null } = JSON.parse(body.toString());
    if (databases.some((one) => one.name === name)) return { status: 400, code: 7502 };
    const made = { uuid: crypto.randomUUID(), name, jurisdiction, location, sql: new DatabaseSync(":memory:") };
    databases.push(made);
    return done({ uuid: made.uuid, name, jurisdiction });
  }
  const found = databases.find(({ uuid, name }) => uuid === id || name === id);
  if (found === undefined) return missing(7404);
  if (action !== "query") return done({ uuid: found.uuid, name: found.name, jurisdiction: found.jurisdiction });
  const { sql } = JSON.parse(body.toString());
  const meta = { duration: 1, served_by_region: (found.location ?? "enam").toUpperCase() };
  // A query alone has rows to give; what has several statements is a migration.
  const isQuery = /^\s*select/i.test(sql);
  if (!isQuery) found.sql.exec(sql);
  return done([{ success: true, results: isQuery ? found.sql.prepare(sql).all() : [], meta }]);
}

function answerKv({ namespaces }: StandIn, { method, url = "" }: IncomingMessage, body: Buffer): Reply {
  // Wrangler asks for page after page until one is empty.
  if (method === "GET") return done(/[?&]page=(?!1\b)/.test(url) ? [] : namespaces);
  const { title } = JSON.parse(body.toString());
  if (namespaces.some((one) => one.title === title)) return { status: 400, code: 10014 };
  const made = { id: crypto.randomUUID().replaceAll("-", ""), title };
  namespaces.push(made);
  return done(made);
}

async function answerWorkers(
  standIn: StandIn,
  incoming: IncomingMessage,
  rest: string[],
  body: Buffer,
): Promise<Reply> {
  const { workers } = standIn;
  const [area, name = "", part, id] = rest;
  const { method } = incoming;
  if (area === "subdomain") return done({ subdomain: "stand-in" });
  const worker = workers.get(name);
  if (area === "services")
    return worker === undefined
      ? missing(10090)
      : done({
          default_environment: {
            environment: "production",
            script: { tag: "tag", tags: null, last_deployed_from: "wrangler" },
          },
        });
  if (area === "workers") return done({ subdomain: { enabled: true, previews_enabled: false } });
  if (area !== "scripts") return missing(7003);
  if (method === "PUT" && part === undefined) return upload(standIn, name, incoming, body);
  if (worker === undefined) return missing(10007);
  if (method === "POST" && part === "versions") return upload(standIn, name, incoming, body);
  if (part === "secrets") return done(Object.keys(worker.secrets).map((each) => ({ name: each, type: "secret_text" })));
  if (part === "deployments" && method === "GET")
    return done({
      deployments: [{ id: "1", created_on: "", versions: [{ version_id: worker.version, percentage: 100 }] }],
    });
  if (part === "versions" && id !== undefined)
    return done({ id, metadata: {}, resources: { bindings: worker.bindings } });
  if (part === "settings") return done({ bindings: worker.bindings, tags: [], migration_tag: "v3" });
  if (part === "subdomain") return done({ enabled: true, previews_enabled: false });
  return done({ schedules: [] });
}

/** Takes a Worker's upload as the platform does: with its secrets kept, and nothing inherited that was not there. */
async function upload({ workers }: StandIn, name: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const headers = { "Content-Type": String(incoming.headers["content-type"]) };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const { bindings, placement }: { bindings: Binding[]; placement?: unknown } = JSON.parse(
    String(form.get("metadata")),
  );
  const before = workers.get(name);
  const secrets = { ...before?.secrets };
  for (const { type, name: secret, text } of bindings) if (type === "secret_text") secrets[secret] = String(text);
  const version = crypto.randomUUID();
  const shown = bindings.filter(({ type }) => type !== "secret_text");
  const hidden = Object.keys(secrets).map((secret) => ({ type: "secret_text", name: secret }));
  if (shown.some(({ type }) => type === "inherit")) return { status: 400, code: 10021 };
  workers.set(name, { version, secrets, bindings: [...shown, ...hidden], placement: placement ?? null });
  return done({
    id: version,
    deployment_id: version.replaceAll("-", ""),
    startup_time_ms: 1,
    resources: { script: { etag: "1" } },
  });
}
