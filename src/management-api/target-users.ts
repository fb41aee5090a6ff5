import { type Context, Hono } from "hono";
import { z } from "zod";
import { findTargetUser, listTargetUsers, type TargetUser } from "../directory/target-user-store.ts";
import { listEnrolmentsOfUser } from "../enrolment/enrolment-store.ts";
import { listGroupsOfUser } from "../grouping/target-group-store.ts";
import { parseFilter } from "../scim/filter/filter.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { listFields } from "../settings/field-store.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { ApiEnv } from "./api-env.ts";
import { exportPerson } from "./export-person.ts";
import { pageQuery, readKeyCursor, toPage } from "./pagination.ts";
import { presentEnrolment, presentTargetUser } from "./present-person.ts";
import { notFound } from "./problem.ts";
import { readQuery } from "./validate.ts";

/** The query of the list of target users: a SCIM filter on the SCIM user (RFC 7644 section 3.4.2.2). */
export const targetUserQuery = pageQuery.extend({ filter: z.string().min(1).max(8192).optional() });

/** The routes of a company's target users. */
export function targetUserRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(targetUserQuery), async (c) => {
      const { limit, cursor, filter } = c.req.valid("query");
      const { database, company } = c.var;
      const page = {
        take: limit + 1,
        after: readKeyCursor(cursor),
        filter: filter === undefined ? null : parseFilter(resourceTypes().User, filter),
        baseUrl: tenantUrl(c.req.url),
      };
      const fields = await listFields(database, company.key);
      const users = await listTargetUsers(database, company.key, fields, page);
      return c.json(toPage(users, limit, (user) => user.key, presentTargetUser));
    })
    .get("/:userId", async (c) => {
      const user = await requireTargetUser(c, c.req.param("userId"));
      const [groups, enrolments] = await Promise.all([
        listGroupsOfUser(c.var.database, user.key),
        listEnrolmentsOfUser(c.var.database, c.var.company.key, user.key),
      ]);
      return c.json({ ...presentTargetUser(user), groups, enrolments: enrolments.map(presentEnrolment) });
    })
    .get("/:userId/export", async (c) => {
      const user = await requireTargetUser(c, c.req.param("userId"));
      c.header("Content-Disposition", `attachment; filename="${user.id}.json"`);
      return c.json(await exportPerson(c.var.database, c.var.company, user, Date.now()));
    });
}

/** The company's target user of an id, or 404. */
export async function requireTargetUser(c: Context<ApiEnv>, id: string): Promise<TargetUser> {
  const fields = await listFields(c.var.database, c.var.company.key);
  const user = await findTargetUser(c.var.database, c.var.company.key, fields, id);
  if (user === null) throw notFound("no_such_user", id);
  return user;
}
