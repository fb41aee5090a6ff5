import type { Hono } from "hono";
import type { ResourceName } from "../directory/resource-tables.ts";
import { NOTHING } from "../platform/read-batch.ts";
import { answer } from "./answer.ts";
import { answerList } from "./answer-list.ts";
import type { Door } from "./door.ts";
import { readListRequest } from "./list-request.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { readBody } from "./read-body.ts";
import { readLive } from "./read-live.ts";
import { findParameter, parametersOf } from "./request-parameters.ts";
import { baseUrl } from "./request-path.ts";

const EVERY_TYPE: readonly ResourceName[] = ["User", "Group"];

/** Queries of the server root (RFC 7644 sections 3.4.2.1 and 3.4.3), and what the tenant URL itself answers. */
export function addSearchRoutes(app: Hono<Door>): void {
  app.post("/.search", async (c) => answerList(c, await readListRequest(c, EVERY_TYPE, await readBody(c))));
  app.all("/.search", allowOnly("POST"));

  // Without a filter the tenant URL answers with where things are: some connection tests probe it
  // (fixture: test/providers/entra/008-base-url.json).
  app.get("/", async (c) => {
    if (findParameter(c, "filter") !== undefined)
      return answerList(c, await readListRequest(c, EVERY_TYPE, parametersOf(c)));
    await readLive(c, NOTHING);
    const base = baseUrl(c.req.url);
    const paths = ["Users", "Groups", "Bulk", "ServiceProviderConfig", "ResourceTypes", "Schemas"];
    return answer(c, {
      name: "Rollcall SCIM 2.0",
      specification: "https://www.rfc-editor.org/rfc/rfc7644",
      endpoints: Object.fromEntries(paths.map((path) => [path, `${base}/${path}`])),
    });
  });
  app.all("/", allowOnly("GET"));
}
