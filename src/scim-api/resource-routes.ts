import type { Hono } from "hono";
import { findResource, type StoredResource } from "../directory/select-resources.ts";
import { labelOf, nameInPath, nameSent } from "../log/name-in-log-row.ts";
import { runRead } from "../platform/read-batch.ts";
import { isId } from "../platform/uuid.ts";
import type { Projection } from "../scim/attribute-projection.ts";
import { parsePatch } from "../scim/patch/patch.ts";
import { readResource } from "../scim/read-resource-body.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import { notThere } from "../scim/scim-error.ts";
import type { Operation } from "../writer/operation.ts";
import { answerEmpty } from "./answer.ts";
import { answerList } from "./answer-list.ts";
import { readLive } from "./check-live-credential.ts";
import { readListRequest } from "./list-request.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { readBody } from "./read-body.ts";
import { findParameter, parametersOf, projectionOf } from "./request-parameters.ts";
import { answerResource, setLocation, wantsRelated } from "./resource-answer.ts";
import { type Target, VERBS } from "./resource-verbs.ts";
import { type Door, type DoorContext, directoryOf } from "./scim-context.ts";
import { resourceOf, write } from "./send-to-writer.ts";

/** The routes of one resource type (RFC 7644 sections 3.3 to 3.6); the two types differ in data only. */
export function addResourceRoutes(app: Hono<Door>, type: ResourceType): void {
  addCollectionRoutes(app, type);
  addReadRoute(app, type);
  addWriteRoutes(app, type);
  app.all(`${type.endpoint}/:id`, allowOnly("GET", "PUT", "PATCH", "DELETE"));
}

function addCollectionRoutes(app: Hono<Door>, type: ResourceType): void {
  app.get(type.endpoint, async (c) => {
    c.get("log").resourceType = type.name;
    return answerList(c, await readListRequest(c, [type.name], parametersOf(c)));
  });

  app.post(type.endpoint, async (c) => {
    const read = await readSent(c, type);
    const projection = projectionOf(c, type);
    const operation = VERBS[type.name].create(c.get("identity").settingId, read);
    // A new group without members in its body has none: nothing need be read back.
    const isEmpty = (read.members?.length ?? 0) === 0;
    const stored = await writeResource(c, operation, 201, !isEmpty && wantsMembers(type, projection));
    return answerWritten(c, type, isEmpty ? { related: [], ...stored } : stored, { projection, status: 201 });
  });

  app.all(type.endpoint, allowOnly("GET", "POST"));

  // Not a route of its own: beside `:id` it would rule out Hono's fast router, for every request.
  app.all(`${type.endpoint}/:id`, async (c, next) => {
    if (c.req.param("id") !== ".search") return next();
    if (c.req.method !== "POST") return refuseAtSearch(c);
    c.get("log").resourceType = type.name;
    return answerList(c, await readListRequest(c, [type.name], await readBody(c)));
  });
}

const refuseAtSearch = allowOnly("POST");

function addReadRoute(app: Hono<Door>, type: ResourceType): void {
  app.get(`${type.endpoint}/:id`, async (c) => {
    const { id } = targetOf(c, type);
    const projection = projectionOf(c, type);
    const { settingKey } = c.get("identity");
    const found = findResource(settingKey, type.name, id, wantsRelated(type, projection));
    const { value: resource } = await readLive(c, found);
    if (resource === null) throw notThere(type.name, `${type.name} ${id} does not exist in this SCIM setting.`);
    c.get("log").label = labelOf(type.name, resource.document);
    return answerResource(c, type, resource, { projection });
  });
}

function addWriteRoutes(app: Hono<Door>, type: ResourceType): void {
  const verbs = VERBS[type.name];
  const item = `${type.endpoint}/:id`;

  app.put(item, async (c) => {
    const operation = verbs.replace(targetOf(c, type), await readSent(c, type));
    const projection = projectionOf(c, type);
    const stored = await writeResource(c, operation, 200, wantsMembers(type, projection));
    return answerWritten(c, type, stored, { projection, status: 200 });
  });

  app.patch(item, async (c) => {
    // A group's members may be 100,000: its PATCH answers 204 unless attributes are asked for (RFC 7644 section 3.5.2).
    const isBrief = type.name === "Group" && findParameter(c, "attributes") === undefined;
    const target = targetOf(c, type);
    const patch = verbs.patch(target, parsePatch(type, await readBody(c)));
    const projection = projectionOf(c, type);
    const stored = await writeResource(c, patch, isBrief ? 204 : 200, !isBrief && wantsMembers(type, projection));
    if (!isBrief) return answerWritten(c, type, stored, { projection, status: 200 });
    setLocation(c, type, stored);
    return answerEmpty(c, 204);
  });

  app.delete(item, async (c) => {
    await write(c, verbs.remove(targetOf(c, type)), 204);
    return answerEmpty(c, 204);
  });
}

/** The document that a POST or PUT sent, with what the log should know of it. */
async function readSent(c: DoorContext, type: ResourceType): Promise<ReturnType<typeof readResource>> {
  const log = c.get("log");
  log.resourceType = type.name;
  const body = await readBody(c);
  log.label = nameSent(type.name, body);
  const read = readResource(type, body);
  log.label = labelOf(type.name, read.document);
  log.notes.push(...read.notes);
  return read;
}

/** The resource that the path names, with the version it must have. */
function targetOf(c: DoorContext, type: ResourceType): Target {
  const id = c.req.param("id") ?? "";
  const log = c.get("log");
  log.resourceType = type.name;
  if (!isId(id)) {
    // The row is found by it when the person is erased, so nothing else quotes it.
    log.label = nameInPath(id);
    throw notThere(type.name, `No ${type.name} of this SCIM setting has such an id.`);
  }
  log.resourceId = id;
  const ifMatch = c.req.header("if-match");
  const ifNoneMatch = c.req.header("if-none-match");
  return {
    settingId: c.get("identity").settingId,
    id,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}

/** Writes, and gives the resource as the commit left it; a group comes with its members where they are asked for and few. */
async function writeResource(
  c: DoorContext,
  operation: Operation,
  status: number,
  showsMembers: boolean,
): Promise<StoredResource> {
  const stored = resourceOf(await write(c, operation, status, showsMembers));
  if (stored === null) throw new Error(`${operation.kind} gave no resource`);
  return stored;
}

function wantsMembers(type: ResourceType, projection: Projection): boolean {
  return type.name === "Group" && wantsRelated(type, projection);
}

/**
 * Answers with what was written, as far as the client asks to see it; what it asks for was read before anything was
 * written, since a request that is refused for it must have changed nothing. Long lists of members are read after the commit,
 * and only when the answer shows them: then the whole group is what that read found, since others may have written meanwhile.
 */
async function answerWritten(
  c: DoorContext,
  type: ResourceType,
  stored: StoredResource,
  { projection, status }: { projection: Projection; status: 200 | 201 },
): Promise<Response> {
  if (stored.related !== undefined || !wantsRelated(type, projection))
    return answerResource(c, type, stored, { projection, status });
  const { settingKey } = c.get("identity");
  const found = await runRead(directoryOf(c), findResource(settingKey, type.name, stored.id, true));
  return answerResource(c, type, found ?? { ...stored, related: [] }, { projection, status });
}
