import type { Hono } from "hono";
import { parseBulk } from "../scim/bulk/bulk-request.ts";
import { type BulkResult, bulkResponse } from "../scim/bulk/bulk-response.ts";
import { weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/errors.ts";
import type { BulkItemOutcome } from "../writer/operation.ts";
import { answer } from "./answer.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { readBody } from "./read-body.ts";
import { locationOf } from "./resource-answer.ts";
import type { Door } from "./scim-context.ts";
import { baseUrl } from "./scim-endpoint-path.ts";
import { write } from "./send-to-writer.ts";

/** Bulk requests (RFC 7644 section 3.7): all operations travel to the writer as one group. */
export function addBulkRoutes(app: Hono<Door>): void {
  app.post("/Bulk", async (c) => {
    // The writer reads each operation as sent with the same parser, so that a faulty one is refused in its place.
    const { sent, failOnErrors, notes } = parseBulk(await readBody(c));
    c.get("log").notes.push(...notes);
    const { settingId } = c.get("identity");
    const outcome = await write(c, { kind: "bulk", settingId, items: sent, failOnErrors }, 200);
    if (outcome.kind !== "bulk") throw new Error("a Bulk request gave no bulk outcome");
    const base = baseUrl(c.req.url);
    return answer(c, bulkResponse(outcome.items.map((item) => toResult(base, item))));
  });
  app.all("/Bulk", allowOnly("POST"));
}

function toResult(base: string, item: BulkItemOutcome): BulkResult {
  const { method, bulkId, resourceType, id, version, status, refusal } = item;
  return {
    method,
    bulkId,
    status,
    ...(id === undefined || resourceType === undefined ? {} : { location: locationOf(base, resourceType, id) }),
    ...(version === undefined ? {} : { version: weakTag(version) }),
    ...(refusal === undefined ? {} : { error: new ScimError(refusal.code, refusal.detail) }),
  };
}
