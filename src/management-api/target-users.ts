import { type Context, Hono } from "hono";
import { z } from "zod";
import { readFieldValues } from "../directory/field-values.ts";
import { findTargetUser, listTargetUsers, type TargetUser } from "../directory/target-user-store.ts";
import { listEnrolmentsOfUser } from "../enrolment/enrolment-store.ts";
import { listGroupsOfUser } from "../grouping/target-group-store.ts";
import { parseFilter } from "../scim/filter/filter.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { listFields } from "../settings/field-store.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { targetUserInFullShape } from "./answer-shapes.ts";
import type { ApiEnv } from "./api-env.ts";
import { exportPerson } from "./export-person.ts";
import { pageQuery, readKeyCursor, toPage } from "./pagination.ts";
import { perform } from "./perform.ts";
import { presentEnrolment, presentTargetUser } from "./present-person.ts";
import { invalidInput, notFound } from "./problem.ts";
import { readBody, readQuery, toPointer } from "./validate.ts";

/**
 * The query of the list of target users: a SCIM filter on the SCIM user (RFC 7644 section 3.4.2.2), and whether a live SCIM
 * setting manages them.
 */
export const targetUserQuery = pageQuery.extend({
  filter: z.string().min(1).max(8192).optional(),
  managed: z.enum(["true", "false"]).optional(),
});

/** A change of a target user that no live setting manages: members and fields left out stay, null empties a field. */
export const targetUserChange = z.strictObject({
  status: z.enum(["active", "inactive"]).optional(),
  fields: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null()], "Give a text, a number, true, false or null."),
    )
    .optional(),
});

/** The routes of a company's target users. */
export function targetUserRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(targetUserQuery), async (c) => {
      const { limit, cursor, filter, managed } = c.req.valid("query");
      const { database, company } = c.var;
      const page = {
        take: limit + 1,
        after: readKeyCursor(cursor),
        filter: filter === undefined ? null : parseFilter(resourceTypes().User, filter),
        managed: managed === undefined ? null : managed === "true",
        baseUrl: tenantUrl(c.req.url),
      };
      const fields = await listFields(database, company.key);
      const users = await listTargetUsers(database, company.key, fields, page);
      return c.json(toPage(users, limit, (user) => user.key, presentTargetUser));
    })
    .get("/:userId", async (c) => c.json(await showInFull(c, await requireTargetUser(c, c.req.param("userId")))))
    .patch("/:userId", readBody(targetUserChange), async (c) => {
      const { status, fields = {} } = c.req.valid("json");
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      const { problems } = readFieldValues(fields, await listFields(c.var.database, c.var.company.key));
      if (problems.length > 0)
        throw invalidInput(problems.map(({ key, detail }) => ({ pointer: toPointer(["fields", key]), detail })));
      await perform(c, { kind: "editTargetUser", userId, status, fields });
      return c.json(await showInFull(c, await requireTargetUser(c, userId)));
    })
    .delete("/:userId", async (c) => {
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      await perform(c, { kind: "removeTargetUser", userId });
      return c.body(null, 204);
    })
    .get("/:userId/export", async (c) => {
      const user = await requireTargetUser(c, c.req.param("userId"));
      c.header("Content-Disposition", `attachment; filename="${user.id}.json"`);
      return c.json(await exportPerson(c.var.database, c.var.company, user, Date.now()));
    });
}

async function showInFull(c: Context<ApiEnv>, user: TargetUser): Promise<z.infer<typeof targetUserInFullShape>> {
  const [groups, enrolments] = await Promise.all([
    listGroupsOfUser(c.var.database, user.key),
    listEnrolmentsOfUser(c.var.database, c.var.company.key, user.key),
  ]);
  return { ...presentTargetUser(user), groups, enrolments: enrolments.map(presentEnrolment) };
}

/** The company's target user of an id, or 404. */
export async function requireTargetUser(c: Context<ApiEnv>, id: string): Promise<TargetUser> {
  const fields = await listFields(c.var.database, c.var.company.key);
  const user = await findTargetUser(c.var.database, c.var.company.key, fields, id);
  if (user === null) throw notFound("target user", id);
  return user;
}
