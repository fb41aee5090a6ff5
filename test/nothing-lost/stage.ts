import { must } from "../safety/populated-company.ts";
import { newSetting, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";
import type { ToldNote } from "./aftermath.ts";
import type { Crew } from "./any-body.ts";
import type { Act, AnyRequest } from "./any-request.ts";
import { PASSWORD, UNIQUE } from "./any-value.ts";
import { ClosedCount } from "./closed-list.ts";
import { judgeFields, MAPPINGS } from "./fields.ts";
import { judgeNamed } from "./judge.ts";
import { type Json, type JsonObject, placeOf } from "./known.ts";
import { judgeRemains } from "./remains.ts";
import { judgeRemovals } from "./removals.ts";
import { namedBy } from "./statements.ts";

/** A company whose setting maps fields of every type, and three people whom groups may name. */
interface Stage {
  client: ScimClient;
  crew: Crew;
  closed: ClosedCount;
  /** How many changes were accepted and how many refused. */
  accepted: number;
  refused: number;
}

export async function openStage(): Promise<Stage> {
  const company = must(await operate("POST", "/companies", { name: "Acme" }), 201).id;
  const standard = new Set(["email", "firstName", "lastName", "department", "phoneNumber"]);
  const custom = MAPPINGS.filter(({ field }) => !standard.has(field));
  for (const { field, type } of custom)
    must(await operate("POST", `/companies/${company}/fields`, { key: field, label: field, type }), 201);
  const client = await newSetting(company, {
    fieldMappings: custom.map(({ field, path }) => ({ field, path })),
    groupSettings: { criteria: "none", targetGroupName: "All" },
  });
  const make = async (userName: string) => must(await client.send("POST", "/Users", { userName }), 201).id;
  return {
    client,
    crew: [await make("ada"), await make("bo"), await make("cy")],
    closed: new ClosedCount(),
    accepted: 0,
    refused: 0,
  };
}

const isSame = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** What is to be seen of a resource from outside. */
interface Sight {
  resource: JsonObject | null;
  person: JsonObject | null;
}

async function look({ client }: Stage, type: Act["type"], id: string): Promise<Sight> {
  const resource = await client.send("GET", `/${type}s/${id}`);
  if (resource.status === 404) return { resource: null, person: null };
  const person =
    type === "User" ? must(await operate("GET", `/companies/${client.companyId}/target-users/${id}`), 200) : null;
  return { resource: must(resource, 200), person };
}

/** What an operation of a Bulk request does not have. */
const WORD_TOO_MANY = "comment";

let numbered = 0;

/** The same with names that nothing else has. */
function own<T extends Json>(value: T): T {
  numbered += 1;
  return JSON.parse(JSON.stringify(value).replaceAll(UNIQUE, `~${numbered}`));
}

/** Plays a request on resources of its own; gives a sentence for everything that is wrong with what came of it. */
export async function play(stage: Stage, request: AnyRequest): Promise<string[]> {
  const { client } = stage;
  const acts = [];
  for (const act of request.acts) {
    const id = act.method === "POST" ? null : await make(stage, act);
    if (id === undefined) continue;
    acts.push({ ...act, body: own(act.body), id, before: id === null ? null : await look(stage, act.type, id) });
  }
  if (acts.length === 0) return [];
  const head = await headOf(stage);
  const answers = request.isBulk ? await sendBulk(stage, acts) : await sendAlone(stage, acts);
  const { whole, parts } = answers;
  if (whole.status >= 500) return [`${whole.status}: ${whole.text.slice(0, 300)}`];
  const log = await operate("GET", `/companies/${client.companyId}/log/${whole.headers.get("x-request-id")}`);
  const notes: ToldNote[] = log.status === 200 ? log.json.notes : [];
  const wrong =
    whole.text.includes(PASSWORD) || log.text.includes(PASSWORD) ? ["a password was answered or logged"] : [];
  const isFull = notes.some(({ kind }) => kind === "more");
  if (
    request.isBulk &&
    whole.status === 200 &&
    !isFull &&
    !notes.some(({ path }) => path === `Operations[0].${WORD_TOO_MANY}`)
  )
    wrong.push("a word too many in a Bulk request was not noted");
  for (const [index, act] of acts.entries()) {
    const part = parts[index];
    const own = request.isBulk ? notesOfOperation(notes, index) : notes;
    if (part !== undefined)
      wrong.push(...(await judgeAct(stage, { ...act, ...part, notes: own, isBulk: request.isBulk })));
  }
  if (parts.every(({ status }) => status >= 400) && (await changedSince(stage, head)).length > 0)
    wrong.push("refused, and the feed went on");
  return wrong;
}

/** The notes of one operation of a Bulk request, as those of a request of its own; the last one counts for all. */
function notesOfOperation(notes: readonly ToldNote[], place: number): ToldNote[] {
  const start = `Operations[${place}].data.`;
  return notes.flatMap((note) => {
    if (note.kind === "more") return [note];
    return note.path?.startsWith(start) ? [{ ...note, path: note.path.slice(start.length) }] : [];
  });
}

async function headOf({ client }: Stage): Promise<string> {
  return must(await operate("GET", `/companies/${client.companyId}/changes/head`), 200).cursor;
}

/** What the feed tells since then, but for alerts: refusals themselves are what some of them tell of. */
async function changedSince({ client }: Stage, head: string): Promise<string[]> {
  const query = new URLSearchParams({ after: head });
  const page = must(await operate("GET", `/companies/${client.companyId}/changes?${query}`), 200);
  return page.items.map(({ type }: { type: string }) => type).filter((type: string) => !type.startsWith("alert."));
}

/** Makes what a request changes; undefined when the body for it is refused, which then is no case. */
async function make({ client }: Stage, { type, before }: Act): Promise<string | undefined> {
  const made = await client.send("POST", `/${type}s`, own(before));
  return made.status === 201 ? made.json.id : undefined;
}

interface Part {
  status: number;
  /** The id of what was changed or made; null where nothing was made. */
  id: string | null;
  answered: JsonObject | null;
}

type Prepared = Omit<Act, "before"> & { id: string | null; before: Sight | null };

async function sendAlone({ client }: Stage, acts: Prepared[]): Promise<{ whole: ScimAnswer; parts: Part[] }> {
  const [act] = acts;
  if (act === undefined) throw new Error("nothing to send");
  const whole = await client.send(act.method, `/${act.type}s${act.id === null ? "" : `/${act.id}`}`, act.body);
  const isAnswered = whole.status === 200 || whole.status === 201;
  return {
    whole,
    parts: [
      {
        status: whole.status,
        id: act.id ?? (isAnswered ? whole.json.id : null),
        answered: isAnswered ? whole.json : null,
      },
    ],
  };
}

async function sendBulk({ client }: Stage, acts: Prepared[]): Promise<{ whole: ScimAnswer; parts: Part[] }> {
  const Operations = acts.map(({ method, type, id, body }, index) => ({
    method,
    path: `/${type}s${id === null ? "" : `/${id}`}`,
    ...(method === "POST" && { bulkId: `b${index}` }),
    data: body,
    ...(index === 0 && { [WORD_TOO_MANY]: "why" }),
  }));
  const whole = await client.send("POST", "/Bulk", {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations,
  });
  if (whole.status !== 200)
    return { whole, parts: acts.map(({ id }) => ({ status: whole.status, id, answered: null })) };
  const results: { status: string; location?: string }[] = whole.json.Operations;
  const parts = results.map(({ status, location }, index) => ({
    status: Number(status),
    id: acts[index]?.id ?? (Number(status) < 300 ? (location?.split("/").at(-1) ?? null) : null),
    answered: null,
  }));
  return { whole, parts };
}

/** Notes that call an attribute unknown which there is. */
function misnamed(type: Act["type"], notes: readonly ToldNote[]): string[] {
  return notes.flatMap(({ kind, path }) => {
    const place = kind === "unknown_attribute" && path !== null ? placeOf(type, path) : null;
    const isKnown =
      place?.kind === "attribute" && place.shape.kind !== "open" && place.part === null && !path?.includes("[");
    return isKnown ? [`${path} is an attribute, and is called unknown`] : [];
  });
}

/** What is wrong when a client puts back what it was answered. */
async function judgeAgain(
  { client }: Stage,
  type: Act["type"],
  { meta: _meta, ...resource }: JsonObject,
): Promise<string[]> {
  const put = await client.send("PUT", `/${type}s/${resource.id}`, resource);
  if (put.status !== 200) return [`what was answered is refused when it is put: ${put.text.slice(0, 200)}`];
  const { meta: _again, ...after } = must(await client.send("GET", `/${type}s/${resource.id}`), 200);
  return isSame(after, resource) ? [] : [`what was answered is another after it was put: ${JSON.stringify(after)}`];
}

type Judged = Prepared & Part & { notes: readonly ToldNote[]; isBulk: boolean };

async function judgeAct(stage: Stage, act: Judged): Promise<string[]> {
  const { type, method, body, before, status, id, answered, notes } = act;
  if (status >= 500) return [`${status} of an operation`];
  const sight = id === null ? null : await look(stage, type, id);
  if (status >= 400) {
    stage.refused += 1;
    return JSON.stringify(sight) === JSON.stringify(before) ? [] : [`${status}, and yet something changed`];
  }
  stage.accepted += 1;
  const { resource, person } = sight ?? { resource: null, person: null };
  if (resource === null) return [`${status}, and nothing is there`];
  const wrong =
    answered === null || JSON.stringify(answered) === JSON.stringify(resource)
      ? []
      : ["the answer is not what a GET gives"];
  if (JSON.stringify([resource, person]).includes(PASSWORD)) wrong.push("a password was kept");
  const named = namedBy(type, method, body);
  const after = { resource, notes, closed: stage.closed, quotesValues: type === "User" };
  wrong.push(...judgeNamed(named, after), ...misnamed(type, notes));
  const was = before?.resource ?? null;
  if (method === "PATCH" && was !== null)
    wrong.push(...judgeRemains(named, was, resource, stage.closed), ...judgeRemovals(named, was, after));
  if (method === "POST") wrong.push(...(await judgeAgain(stage, type, resource)));
  // A PUT exchanges the rest.
  for (const name of method === "PUT" && was !== null ? ["active", "members"] : [])
    if (!named.statements.some(({ place }) => place.name === name) && !isSame(was?.[name], resource[name]))
      wrong.push(`${name} was not named and is another`);
  if (person !== null) wrong.push(...judgeFields(resource, was, person.fields as JsonObject, notes));
  return wrong;
}
