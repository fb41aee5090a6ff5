import { Hono } from "hono";
import * as z from "zod";
import { HISTORY, selectEnrolmentHistory, walkEnrolmentHistory } from "../changes/enrolment-history-store.ts";
import { publishChange } from "../changes/published-change.ts";
import type { Reads } from "../companies/split-long-reads.ts";
import { listEnrolments, ofEnrolment, selectEnrolment } from "../enrolment/enrolment-store.ts";
import { selectGroupsOfUser } from "../grouping/membership-store.ts";
import { presentEnrolment } from "../person-data/present-person.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead, together } from "../platform/read-batch.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { notFound } from "./problem.ts";
import { requireTargetGroup } from "./target-groups.ts";
import { requireTargetUser } from "./target-users.ts";
import { readQuery } from "./validate-input.ts";

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
      const { enrolment, groups, changes } = await runRead(
        database,
        together({
          enrolment: selectEnrolment(company.key, id),
          groups: selectGroupsOfUser(ofEnrolment("user_key", company.key, id)),
          changes: selectEnrolmentHistory(company.key, {
            userId: ofEnrolment("user_id", company.key, id),
            enrolmentId: id,
          }),
        }),
      );
      if (enrolment === null) throw notFound("no_such_enrolment", id);
      const why = groups.filter((group) => enrolment.groupIds.includes(group.id));
      const { userId } = enrolment;
      const walk = (reads: Reads) => walkEnrolmentHistory(reads, company.key, { userId, enrolmentId: id });
      const history = (changes ?? (await readInShareFor(c)(HISTORY, walk))).map((change) =>
        publishChange(change, company.id),
      );
      return c.json({ ...presentEnrolment(enrolment, company.id), why, history });
    })
    .get("/", readQuery(enrolmentQuery), async (c) => {
      const query = c.req.valid("query");
      const paging = readPaging(c, query, readKey);
      const { userId, groupId, itemId, kind, status } = query;
      const userKey = userId === undefined ? undefined : (await requireTargetUser(c, userId)).key;
      const targetGroupKey = groupId === undefined ? undefined : (await requireTargetGroup(c, groupId)).key;
      const where = { userKey, targetGroupKey, itemId, kind, status };
      const enrolments = await listEnrolments(c.var.database, c.var.company.key, where, paging, readInShareFor(c));
      return c.json(
        paging.answer(
          enrolments,
          ({ key }) => key,
          (enrolment) => presentEnrolment(enrolment, c.var.company.id),
        ),
      );
    });
}
