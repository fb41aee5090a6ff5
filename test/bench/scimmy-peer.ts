import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import SCIMMY from "scimmy";
import { openPeerStore, type Stored } from "./peer-store.ts";

/**
 * `node test/bench/scimmy-peer.ts <file> <synchronous> <token>`: a SCIM server as one would write it with SCIMMY, over
 * SQLite in its own process; prints its port and runs until it is stopped, or until its input ends: its parent is gone then.
 */
process.stdin.on("end", () => process.exit()).resume();
const [file = "", synchronous, token = ""] = process.argv.slice(2);
const store = openPeerStore(file, synchronous === "NORMAL" ? "NORMAL" : "FULL");
const BASE = "/scim/v2";

type Kind = keyof typeof store;

/** What a filter of one comparison for equality asks for; anything else is left to SCIMMY's own matching. */
function soughtBy(filter: SCIMMY.Types.Filter): [attribute: string, value: string] | null {
  const [only, ...others] = filter;
  const [first, ...rest] = Object.entries(only);
  if (others.length > 0 || rest.length > 0 || first === undefined) return null;
  const [attribute, comparison] = first;
  return Array.isArray(comparison) && comparison[0] === "eq" ? [attribute, String(comparison[1])] : null;
}

function read(kind: Kind, { id, filter, constraints = {} }: SCIMMY.Types.Resource): Stored | Stored[] {
  if (id !== undefined) return requireStored(kind, id);
  if (filter !== undefined) {
    const sought = soughtBy(filter);
    const found = sought === null ? null : store[kind].find(...sought);
    return found ?? filter.match(store[kind].page(0, -1));
  }
  // There SCIMMY looks for a total that is not the number of what it is given.
  Object.assign(constraints, { totalResults: store[kind].count() });
  return store[kind].page((constraints.startIndex ?? 1) - 1, constraints.count ?? 20);
}

function write(kind: Kind, id: string | undefined, instance: object): Stored {
  const now = new Date().toISOString();
  const created = id === undefined ? now : requireStored(kind, id).created;
  const document: Stored = { ...JSON.parse(JSON.stringify(instance)), id: id ?? randomUUID(), created };
  document.meta = { created, lastModified: now };
  if (!store[kind].put(document)) throw new SCIMMY.Types.Error(409, "uniqueness", "The userName is taken.");
  return document;
}

function requireStored(kind: Kind, id: string): Stored {
  const found = store[kind].get(id);
  if (found === null) throw new SCIMMY.Types.Error(404, "", `Resource ${id} not found`);
  return found;
}

const { User, Group } = SCIMMY.Resources;
type Resource = SCIMMY.Types.Resource;
SCIMMY.Resources.declare(User)
  .extend(SCIMMY.Schemas.EnterpriseUser, false)
  .ingress((resource: Resource, instance: object) => asSchema(write("users", resource.id, instance)))
  .egress((resource: Resource) => asSchema(read("users", resource)))
  .degress(({ id }: Resource) => store.users.remove(id ?? ""));
SCIMMY.Resources.declare(Group)
  .ingress((resource: Resource, instance: object) => asSchema(write("groups", resource.id, instance)))
  .egress((resource: Resource) => asSchema(read("groups", resource)))
  .degress(({ id }: Resource) => store.groups.remove(id ?? ""));
User.basepath(BASE);
Group.basepath(BASE);

/** What was stored was an instance of the schema, and SCIMMY makes it one again. */
function asSchema(stored: Stored | Stored[]): never {
  return stored as never;
}

interface Reply {
  status: number;
  body?: unknown;
}

async function answer(request: IncomingMessage): Promise<Reply> {
  if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://peer");
  const [, type, id] = /^\/scim\/v2\/(Users|Groups)(?:\/([^/]+))?$/.exec(pathname) ?? [];
  if (type === undefined) return { status: 404 };
  const ResourceType = type === "Users" ? User : Group;
  // SCIMMY takes a query in an id's place, which its types leave out.
  const asked = Object.fromEntries(searchParams);
  const resource = id === undefined ? new ResourceType(asked as never) : new ResourceType(id, asked);
  switch (request.method) {
    case "GET":
      return { status: 200, body: await resource.read() };
    case "POST":
      return { status: 201, body: await resource.write(await readBody(request)) };
    case "PATCH": {
      const patched = await resource.patch(await readBody(request));
      // As Rollcall answers a PATCH of a group: members may be many.
      return patched === undefined || type === "Groups" ? { status: 204 } : { status: 200, body: patched };
    }
    default:
      return { status: 405 };
  }
}

async function readBody(request: IncomingMessage): Promise<never> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as never; // SCIMMY checks what it is given
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request).catch((error: Error) => {
    const said = new SCIMMY.Messages.Error(error);
    return { status: Number(said.status), body: said };
  });
  const text = body === undefined ? "" : JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(
    status,
    status === 204 ? {} : { "content-type": "application/scim+json", "content-length": length },
  );
  response.end(text);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
