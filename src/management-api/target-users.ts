import { type Context, Hono } from "hono";
import { z } from "zod";
import { listTargetUsers, selectTargetUser, type TargetUser } from "../directory/target-user-store.ts";
import { readKey } from "../platform/position.ts";
import { runRead } from "../platform/read-batch.ts";
import { parseFilter } from "../scim/filter/filter.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { ApiEnv } from "./api-env.ts";
import { exportPerson } from "./export-person.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { presentPerson, presentTargetUser, selectPerson } from "./present-person.ts";
import { notFound } from "./problem.ts";
import { readQuery } from "./validate.ts";

/** The query of the list of target users: a SCIM filter on the SCIM user (RFC 7644 section 3.4.2.2). */
export const targetUserQuery = pageQuery.extend({ filter: z.string().min(1).max(8192).optional() });

/** The routes of a company's target users. */
export function targetUserRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(targetUserQuery), async (c) => {
      const query = c.req.valid("query");
      const { database, company } = c.var;
      const paging = readPaging(c, query, readKey);
      const page = {
        ...paging,
        filter: query.filter === undefined ? null : parseFilter(resourceTypes().User, query.filter),
        baseUrl: tenantUrl(c.req.url),
      };
      const users = await listTargetUsers(database, company.key, page);
      return c.json(paging.answer(users, (user) => user.key, presentTargetUser));
    })
    .get("/:userId", async (c) => {
      const id = c.req.param("userId");
      const person = await runRead(c.var.database, selectPerson(c.var.company.key, id));
      if (person === null) throw notFound("target user", id);
      return c.json(presentPerson(person));
    })
    .get("/:userId/export", async (c) => {
      const id = c.req.param("userId");
      const held = await exportPerson(c.var.database, c.var.company, id, Date.now());
      c.header("Content-Disposition", `attachment; filename="${held.user.id}.json"`);
      return c.json(held);
    });
}

/** The company's target user of an id, or 404. */
export async function requireTargetUser(c: Context<ApiEnv>, id: string): Promise<TargetUser> {
  const user = await runRead(c.var.database, selectTargetUser(c.var.company.key, id));
  if (user === null) throw notFound("target user", id);
  return user;
}
