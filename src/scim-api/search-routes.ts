import type { Hono } from "hono";
import type { ResourceName } from "../directory/resource-tables.ts";
import { answerList } from "./answer-list.ts";
import { readListRequest } from "./list-request.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { readBody } from "./read-body.ts";
import { parametersOf } from "./request-parameters.ts";
import type { Door } from "./scim-context.ts";

const EVERY_TYPE: readonly ResourceName[] = ["User", "Group"];

/** Queries of the server root, which is the tenant URL itself (RFC 7644 sections 3.4.2.1 and 3.4.3). */
export function addSearchRoutes(app: Hono<Door>): void {
  app.post("/.search", async (c) => answerList(c, await readListRequest(c, EVERY_TYPE, await readBody(c))));
  app.all("/.search", allowOnly("POST"));

  // Connection tests probe it without a filter (fixture: test/providers/entra/008-base-url.json).
  app.get("/", async (c) => answerList(c, await readListRequest(c, EVERY_TYPE, parametersOf(c))));
  app.all("/", allowOnly("GET"));
}
