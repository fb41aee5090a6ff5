import type { Hono } from "hono";
import { assertNothingOwed, chargeShare } from "../companies/read-in-share.ts";
import { parseBulk } from "../scim/bulk/bulk-request.ts";
import { type BulkResult, bulkResponse } from "../scim/bulk/bulk-response.ts";
import { weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { BulkItemOutcome } from "../writer/operation.ts";
import { answer } from "./answer.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { passOver, readBody } from "./read-body.ts";
import { locationOf } from "./resource-answer.ts";
import type { Door } from "./scim-context.ts";
import { baseUrl } from "./scim-endpoint-path.ts";
import { write } from "./send-to-writer.ts";
import { BulkPace } from "./space-out-bulk.ts";

const pace = new BulkPace();

const REFUSED_BEFORE = {
  what: "Operations of Bulk requests that are refused are looked up all the same",
  quick: "At any time: the same operations one by one.",
};

/** Bulk requests (RFC 7644 section 3.7): all operations travel to the writer together. */
export function addBulkRoutes(app: Hono<Door>): void {
  app.post("/Bulk", async (c) => {
    const { settingId, companyId } = c.get("identity");
    // One that does not say how long it is was read for the limit of bodies already.
    const length = Number(c.req.header("content-length")) || (await c.req.arrayBuffer()).byteLength;
    await pace.waitFor(companyId, length);
    await assertNothingOwed(c.env, companyId, REFUSED_BEFORE).catch(async (refusal: unknown) => {
      await passOver(c);
      throw refusal;
    });
    // The writer reads each operation as sent with the same parser, so that a faulty one is refused in its place.
    const { sent, failOnErrors, notes } = parseBulk(await readBody(c));
    c.get("log").notes.push(...notes);
    const outcome = await write(c, { kind: "bulk", settingId, items: sent, failOnErrors }, 200);
    if (outcome.kind !== "bulk") throw new Error("a Bulk request gave no bulk outcome");
    if (outcome.refusedTime > 0) c.executionCtx.waitUntil(chargeShare(c.env, companyId, outcome.refusedTime));
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
