import { type Context, Hono } from "hono";
import * as z from "zod";
import { readFieldValues } from "../directory/edited-field-values.ts";
import { listTargetUsers, selectTargetUser, type TargetUser } from "../directory/target-user-store.ts";
import { exportPerson } from "../person-data/export-person.ts";
import { presentPerson, presentTargetUser, selectPerson } from "../person-data/present-person.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { parseFilter } from "../scim/filter/parse-filter.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { listFields } from "../settings/field-store.ts";
import { tenantUrl } from "../settings/tenant-url.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import type { targetUserInFullShape, targetUserShape } from "./person-shapes.ts";
import { invalidInput, notFound } from "./problem.ts";
import { readBody, readQuery, toPointer } from "./validate-input.ts";

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
      const query = c.req.valid("query");
      const { database, company } = c.var;
      const paging = readPaging(c, query, readKey);
      const page = {
        ...paging,
        filter: query.filter === undefined ? null : parseFilter(resourceTypes().User, query.filter),
        managed: query.managed === undefined ? null : query.managed === "true",
        baseUrl: tenantUrl(c.var.origin),
      };
      const users = await listTargetUsers(database, company.key, page, readInShareFor(c));
      return c.json(
        paging.answer(
          users,
          (user) => user.key,
          (user): z.infer<typeof targetUserShape> => presentTargetUser(user, company.id),
        ),
      );
    })
    .get("/:userId", async (c) => c.json(await showPerson(c, c.req.param("userId"))))
    .patch("/:userId", readBody(targetUserChange), async (c) => {
      const { status, fields = {} } = c.req.valid("json");
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      const { problems } = readFieldValues(fields, await listFields(c.var.database, c.var.company.key));
      if (problems.length > 0)
        throw invalidInput(problems.map(({ key, detail }) => ({ pointer: toPointer(["fields", key]), detail })));
      await perform(c, { kind: "editTargetUser", userId, status, fields });
      return c.json(await showPerson(c, userId));
    })
    .delete("/:userId", async (c) => {
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      await perform(c, { kind: "removeTargetUser", userId });
      return c.body(null, 204);
    })
    .post("/:userId/erase", async (c) => {
      const { id: userId } = c.var.replay === null ? await requireTargetUser(c, c.req.param("userId")) : { id: "" };
      await perform(c, { kind: "eraseHeld", userId });
      return c.body(null, 204);
    })
    .get("/:userId/export", async (c) => {
      const userId = c.req.param("userId");
      const exported = await exportPerson(c.var.database, c.var.company, userId, Date.now());
      if (exported === null) throw notFound("no_such_user", userId);
      c.header("Content-Disposition", `attachment; filename="${exported.id}.json"`);
      c.header("Content-Type", "application/json");
      return c.body(exported.body);
    });
}

async function showPerson(c: Context<ApiEnv>, id: string): Promise<z.infer<typeof targetUserInFullShape>> {
  const person = await runRead(c.var.database, selectPerson(c.var.company.key, id));
  if (person === null) throw notFound("no_such_user", id);
  return presentPerson(person, c.var.company.id);
}

/** The company's target user of an id, or 404. */
export async function requireTargetUser(c: Context<ApiEnv>, id: string): Promise<TargetUser> {
  const user = await runRead(c.var.database, selectTargetUser(c.var.company.key, id));
  if (user === null) throw notFound("no_such_user", id);
  return user;
}
