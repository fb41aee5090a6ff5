import type { Hono } from "hono";
import { parseBulk } from "../scim/bulk.ts";
import { type BulkResult, bulkResponse } from "../scim/bulk-response.ts";
import { weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { BulkItem, BulkItemOutcome } from "../writer/operation.ts";
import { answer } from "./answer.ts";
import type { Door } from "./door.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { readBody } from "./read-body.ts";
import { baseUrl } from "./request-path.ts";
import { locationOf } from "./resource-answer.ts";
import { write } from "./write.ts";

/** Bulk requests (RFC 7644 section 3.7): all operations travel to the writer as one group. */
export function addBulkRoutes(app: Hono<Door>): void {
  app.post("/Bulk", async (c) => {
    const body = await readBody(c);
    const { failOnErrors } = parseBulk(body);
    const { settingId } = c.get("identity");
    const outcome = await write(c, { kind: "bulk", settingId, items: itemsOf(body), failOnErrors }, 200);
    if (outcome.kind !== "bulk") throw new Error("a Bulk request gave no bulk outcome");
    const base = baseUrl(c.req.url);
    return answer(c, bulkResponse(outcome.items.map((item) => toResult(base, item))));
  });
  app.all("/Bulk", allowOnly("POST"));
}

/** The operations as sent: the writer reads each with the same parser, so that a faulty one is refused in its place. */
function itemsOf(body: JsonObject): BulkItem[] {
  const key = Object.keys(body).find((name) => name.toLowerCase() === "operations") ?? "";
  // parseBulk has found it to be an array; its elements are judged one by one where they are run.
  return body[key] as unknown as BulkItem[];
}

function toResult(base: string, item: BulkItemOutcome): BulkResult {
  const { method, bulkId, resourceType, id, version, status, refusal } = item;
  return {
    operation: { index: 0, method, bulkId, path: "", type: resourceType ?? "User", data: {} },
    status,
    ...(id === undefined || resourceType === undefined ? {} : { location: locationOf(base, resourceType, id) }),
    ...(version === undefined ? {} : { version: weakTag(version) }),
    ...(refusal === undefined ? {} : { error: new ScimError(refusal.status, refusal.scimType, refusal.detail) }),
  };
}
