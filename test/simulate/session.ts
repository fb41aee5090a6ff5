import type { Belief } from "./belief.ts";
import { idOf, type JsonObject, listOf, objectOf } from "./document.ts";
import type { Random } from "./random.ts";
import type { Call, Reply, Wire } from "./wire.ts";
import { ConnectionProblem } from "./wire.ts";

/** One create in so many loses its first answer, as happens in every long life. */
const LOST_CREATE_EVERY = 40;

/** What a connector has at hand while it plays. */
export interface Session {
  wire: Wire;
  belief: Belief;
  random: Random;
  chaos: boolean;
  connections: number;
  /** How many creates were sent. */
  creates: number;
  /** A string that is another one in each run. */
  nonce: string;
  /** Reports a difference between what the server did and what it should do. */
  report(difference: string): void;
}

/** Sends a request; an answer with another status than those expected is a difference, and gives null. */
export async function request(session: Session, call: Call, expected: readonly number[]): Promise<Reply | null> {
  const reply = await session.wire.send(call);
  const type = reply.headers["content-type"] ?? "";
  if (reply.text !== "" && !type.startsWith("application/scim+json"))
    session.report(`${call.kind}: the content type of the answer is "${type}", not application/scim+json`);
  if (expected.includes(reply.status)) return reply;
  session.report(`${call.method} ${call.target}: answered ${describe(reply)}, expected ${expected.join(" or ")}`);
  return null;
}

/** The status and detail of an answer. */
function describe(reply: Reply): string {
  const { detail, scimType } = objectOf(reply.body);
  return [reply.status, scimType, detail ?? reply.text.slice(0, 200)].filter((part) => part !== undefined).join(" ");
}

/** The resources of a list, or none when the list was refused. */
async function requestList(session: Session, call: Call): Promise<JsonObject[]> {
  const reply = await request(session, call, [200]);
  if (reply === null) return [];
  const body = objectOf(reply.body);
  if (!Array.isArray(body.Resources) || typeof body.totalResults !== "number")
    session.report(`${call.method} ${call.target}: no ListResponse with Resources and totalResults`);
  return listOf(body.Resources);
}

/** The one resource a matching look-up finds, or null; more than one is a difference. */
export async function requestMatch(session: Session, call: Call): Promise<JsonObject | null> {
  const found = await requestList(session, call);
  if (found.length > 1) session.report(`${call.method} ${call.target}: ${found.length} resources match`);
  return found[0] ?? null;
}

/** A request of the connection test: without it nothing further is said. */
export async function requestProbe(session: Session, call: Call, expected: readonly number[]): Promise<Reply> {
  const reply = await session.wire.send(call);
  if (expected.includes(reply.status)) return reply;
  const advice =
    reply.status === 401
      ? '\nThe token is none of this server: "npm run dev -- --info" prints one, or give --token'
      : "";
  throw new ConnectionProblem(
    `connection test failed: ${call.method} ${call.target} answered ${describe(reply)}${advice}`,
  );
}

/** A probe that must find nothing: 200 with an empty list. */
export async function requestEmptyProbe(session: Session, call: Call): Promise<void> {
  const body = objectOf((await requestProbe(session, call, [200])).body);
  if (body.totalResults !== 0 || listOf(body.Resources).length > 0)
    session.report(`connection test: ${call.method} ${call.target} should be an empty list`);
}

/**
 * Creates a resource and gives its id. A create whose reply was lost is sent again, gets 409, and is then looked up: so
 * every provider adopts what it made. A 409 to a first try contradicts the look-up before it.
 */
export async function createOrAdopt(
  session: Session,
  call: Call,
  find: () => Promise<JsonObject | null>,
): Promise<string | null> {
  session.creates += 1;
  const loseReply = session.creates % LOST_CREATE_EVERY === 3;
  const reply = await session.wire.send({ ...call, loseReply });
  if (reply.status === 409 && reply.tries > 1) {
    const id = idOf(await find());
    if (id === null)
      session.report(`${call.method} ${call.target}: 409 to a repeated create, but the look-up finds none`);
    return id;
  }
  const id = idOf(reply.body);
  if (reply.status === 201 && id !== null) return id;
  session.report(
    `${call.method} ${call.target} ${JSON.stringify(call.body).slice(0, 200)}: answered ${describe(reply)}`,
  );
  return null;
}

/** Deletes a resource; 404 is right when the request may have been seen before. */
export async function requestDelete(session: Session, call: Call): Promise<void> {
  const reply = await session.wire.send(call);
  if (reply.status === 204 || (reply.status === 404 && reply.tries > 1)) return;
  session.report(`${call.method} ${call.target}: answered ${describe(reply)}, expected 204`);
}
