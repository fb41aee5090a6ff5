import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { ENTERPRISE, type JsonObject, listOf, objectOf } from "./document.ts";

/** What the fake does wrong on purpose. */
export type Fault =
  | "loses a member"
  | "ignores a deactivation"
  | "keeps a deleted user"
  | "forgets a phone number"
  | "refuses a repeated removal";

interface Fake {
  users: Map<string, JsonObject>;
  groups: Map<string, JsonObject & { members: Set<string> }>;
  fault: Fault | null;
  busy: number;
  requests: number;
  made: number;
}

interface Answer {
  status: number;
  body?: unknown;
}

/** A SCIM server in memory: just enough of the protocol for these providers, with a fault planted in it. */
export async function startFake(fault: Fault | null = null, busy = 0): Promise<{ url: string; close(): void }> {
  const fake: Fake = { users: new Map(), groups: new Map(), fault, busy, requests: 0, made: 0 };
  const server = createServer(async (incoming, outgoing) => {
    const body: unknown = JSON.parse((await text(incoming)) || "{}");
    const url = new URL(incoming.url ?? "/", "http://fake");
    const path = url.pathname.split("/").slice(3);
    const known = incoming.headers.authorization === "Bearer token";
    const reply = known ? answer(fake, incoming.method ?? "", path, url.searchParams, objectOf(body)) : refuse(401);
    outgoing.writeHead(reply.status, { "Content-Type": "application/scim+json", "Retry-After": "0" });
    outgoing.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/scim/v2/`, close: () => void server.close() };
}

function refuse(status: number): Answer {
  return { status, body: { status: String(status), detail: `refused with ${status}` } };
}

function answer(fake: Fake, method: string, path: string[], query: URLSearchParams, body: JsonObject): Answer {
  fake.requests += 1;
  if (fake.busy > 0 && fake.requests % 2 === 0) {
    fake.busy -= 1;
    return refuse(fake.busy % 2 === 0 ? 429 : 503);
  }
  const [resource = "", id = ""] = path;
  const store = resource === "Users" ? fake.users : resource === "Groups" ? fake.groups : null;
  if (store === null) return { status: 200, body: {} };
  if (id === "") return method === "GET" ? list(store, query) : create(fake, resource, body);
  const found = store.get(id);
  if (found === undefined) return refuse(404);
  if (method === "DELETE") {
    for (const { members } of fake.groups.values()) members.delete(id);
    if (fake.fault !== "keeps a deleted user" || resource !== "Users") store.delete(id);
    return { status: 204 };
  }
  const group = fake.groups.get(id);
  if (method === "PUT" && group === undefined) fake.users.set(id, { ...readUser(body), id });
  if (method === "PUT" && group !== undefined) {
    group.displayName = body.displayName;
    group.members = new Set(listOf(body.members).map(({ value }) => String(value)));
  }
  if (method === "PATCH" && group === undefined) patchUser(fake, found, body);
  if (method === "PATCH" && group !== undefined) {
    if (fake.fault === "refuses a repeated removal" && removesStranger(group.members, body)) return refuse(400);
    patchGroup(fake, group, body);
  }
  return { status: 200, body: show(store.get(id), query) };
}

function show(document: JsonObject | undefined, query: URLSearchParams): JsonObject {
  if (!(document?.members instanceof Set)) return { ...document };
  const { members, ...rest } = document;
  if (query.get("excludedAttributes") === "members") return rest;
  return { ...rest, members: [...members].map((value) => ({ value })) };
}

function list(store: ReadonlyMap<string, JsonObject>, query: URLSearchParams): Answer {
  const terms = (query.get("filter") ?? "").split(" and ").filter((term) => term !== "");
  const found = [...store.values()].filter((one) => terms.every((term) => matches(one, term)));
  const start = Number(query.get("startIndex") ?? 1);
  const count = Number(query.get("count") ?? 7);
  const Resources = found.slice(start - 1, start - 1 + count).map((one) => show(one, query));
  return {
    status: 200,
    body: { totalResults: found.length, startIndex: start, itemsPerPage: Resources.length, Resources },
  };
}

function matches(one: JsonObject, term: string): boolean {
  const at = term.startsWith("emails[") ? term.lastIndexOf(" eq ") : term.indexOf(" eq ");
  const [name, text] = [term.slice(0, at), term.slice(at + 4)];
  const value: string = text.startsWith('"') ? JSON.parse(text) : text;
  if (name === "members") return one.members instanceof Set && one.members.has(value);
  if (name === "manager") return objectOf(objectOf(one[ENTERPRISE]).manager).value === value;
  if (name.startsWith("emails")) return listOf(one.emails).some((email) => email.value === value);
  return String(one[name] ?? "").toLowerCase() === value.toLowerCase();
}

function create(fake: Fake, resource: string, body: JsonObject): Answer {
  const name = resource === "Users" ? "userName" : "displayName";
  const store = resource === "Users" ? fake.users : fake.groups;
  const taken = [...store.values()].some((one) => String(one[name]).toLowerCase() === String(body[name]).toLowerCase());
  if (taken) return refuse(409);
  fake.made += 1;
  const id = `id-${fake.made}`;
  if (resource === "Users") fake.users.set(id, { ...readUser(body), id });
  else fake.groups.set(id, { ...body, id, members: new Set(listOf(body.members).map(({ value }) => String(value))) });
  return { status: 201, body: show(store.get(id), new URLSearchParams()) };
}

function readUser({ password: _, groups: __, ...body }: JsonObject): JsonObject {
  const emails = Array.isArray(body.emails) ? body.emails : [body.emails];
  const old = Object.entries(body).find(([key]) => key.startsWith("urn:scim:schemas:extension:enterprise:"));
  return {
    ...body,
    [ENTERPRISE]: body[ENTERPRISE] ?? old?.[1],
    emails,
    active: String(body.active ?? true).toLowerCase() === "true",
  };
}

function patchUser(fake: Fake, user: JsonObject, body: JsonObject): void {
  for (const { path, value, op } of listOf(body.Operations)) {
    const entries = typeof path === "string" ? [[path, value] as const] : Object.entries(objectOf(value));
    for (const [name, given] of entries) {
      if (fake.fault === "ignores a deactivation" && name === "active" && String(given).toLowerCase() === "false")
        continue;
      if (fake.fault === "forgets a phone number" && name.startsWith("phone")) continue;
      setAt(user, name, String(op).toLowerCase() === "remove" ? undefined : given);
    }
  }
}

/** Sets what a path names: `list[key eq "value"].sub`, the manager, `urn:…:attribute`, `a.b` or a plain name. */
function setAt(user: JsonObject, path: string, value: unknown): void {
  const filtered = /^(\w+)\[(\w+) eq "(.*)"\]\.(\w+)$/.exec(path);
  const [, urn, attribute] = /^(urn:.*):(\w+)$/.exec(path) ?? [];
  const [first = "", second] = path.split(".");
  if (filtered !== null) {
    const [, name = "", key = "", wanted = "", sub = ""] = filtered;
    const elements = listOf(user[name]);
    const fits = (one: JsonObject) => String(one[key]).toLowerCase() === wanted.toLowerCase();
    const element = elements.find(fits) ?? { [key]: key === "primary" ? true : wanted };
    user[name] = [...elements.filter((one) => !fits(one)), { ...element, [sub]: value }];
  } else if (path === "manager" || path === `${ENTERPRISE}:manager`) {
    const [manager] = Array.isArray(value) ? value : [value];
    const held = typeof manager === "string" ? { value: manager } : manager;
    user[ENTERPRISE] = { ...objectOf(user[ENTERPRISE]), manager: held };
  } else if (urn !== undefined && attribute !== undefined) user[urn] = { ...objectOf(user[urn]), [attribute]: value };
  else if (second !== undefined) user[first] = { ...objectOf(user[first]), [second]: value };
  else user[path] = path === "active" ? String(value).toLowerCase() === "true" : value;
}

function removesStranger(members: ReadonlySet<string>, body: JsonObject): boolean {
  const removed = listOf(body.Operations).filter(({ op }) => op === "remove");
  return removed.some(({ value }) => listOf(value).some((member) => !members.has(String(member.value))));
}

function patchGroup(fake: Fake, group: JsonObject & { members: Set<string> }, body: JsonObject): void {
  for (const { value, operation } of body.Operations === undefined ? listOf(body.members) : [])
    if (operation === "delete") group.members.delete(String(value));
    else group.members.add(String(value));
  for (const { op, path, value } of listOf(body.Operations)) {
    const verb = String(op).toLowerCase();
    const ids = listOf(value).map((member) => String(member.value));
    const one = /^members\[value eq "(.*)"\]$/.exec(String(path))?.[1];
    if (fake.fault === "loses a member" && verb !== "remove" && ids.length > 0 && fake.users.size % 2 === 0) ids.pop();
    if (path === undefined) Object.assign(group, { displayName: objectOf(value).displayName });
    if (path === undefined && Array.isArray(objectOf(value).members)) group.members.clear();
    if (path === "displayName") group.displayName = value;
    if (verb === "replace" && path === "members") group.members = new Set(ids);
    if (verb === "add") for (const id of ids) group.members.add(id);
    if (verb === "remove") for (const id of one === undefined ? ids : [one]) group.members.delete(id);
  }
}
