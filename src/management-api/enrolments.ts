import { Hono } from "hono";
import { z } from "zod";
import { listChangesOfEnrolment } from "../changes/change-store.ts";
import { publishChange } from "../changes/published-change.ts";
import { findEnrolment, listEnrolments } from "../enrolment/enrolment-store.ts";
import { listGroupsOfUser } from "../grouping/target-group-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { pageQuery, readKeyCursor, toPage } from "./pagination.ts";
import { presentEnrolment } from "./present-person.ts";
import { notFound } from "./problem.ts";
import { requireTargetGroup } from "./target-groups.ts";
import { requireTargetUser } from "./target-users.ts";
import { readQuery } from "./validate.ts";

/** The query of the list of enrolments; a group holds up only active ones, so `groupId` lists no withdrawn one. */
export const enrolmentQuery = pageQuery.extend({
  userId: z.string().min(1).optional(),
  groupId: z.string().min(1).optional(),
  itemId: z.string().min(1).optional(),
  kind: z.enum(["training", "phishing"]).optional(),
  status: z.enum(["active", "withdrawn"]).optional(),
});

/** The route of a company's enrolments. */
export function enrolmentRoutes() {
  return new Hono<ApiEnv>()
    .get("/:enrolmentId", async (c) => {
      const { database, company } = c.var;
      const id = c.req.param("enrolmentId");
      const enrolment = await findEnrolment(database, company.key, id);
      if (enrolment === null) throw notFound("no_such_enrolment", id);
      const [groups, changes] = await Promise.all([
        listGroupsOfUser(database, enrolment.userKey),
        listChangesOfEnrolment(database, company.key, { userId: enrolment.userId, enrolmentId: id }),
      ]);
      const why = groups.filter((group) => enrolment.groupIds.includes(group.id));
      const history = changes.map((change) => publishChange(change, company.id));
      return c.json({ ...presentEnrolment(enrolment), why, history });
    })
    .get("/", readQuery(enrolmentQuery), async (c) => {
      const { limit, cursor, userId, groupId, ...filter } = c.req.valid("query");
      const userKey = userId === undefined ? undefined : (await requireTargetUser(c, userId)).key;
      const targetGroupKey = groupId === undefined ? undefined : (await requireTargetGroup(c, groupId)).key;
      const page = { take: limit + 1, after: readKeyCursor(cursor) };
      const where = { ...filter, userKey, targetGroupKey };
      const enrolments = await listEnrolments(c.var.database, c.var.company.key, where, page);
      return c.json(toPage(enrolments, limit, (enrolment) => enrolment.key, presentEnrolment));
    });
}
