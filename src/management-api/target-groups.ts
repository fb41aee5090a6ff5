import { type Context, Hono } from "hono";
import * as z from "zod";
import { listTargetGroupMembers, type TargetGroupMember } from "../grouping/membership-store.ts";
import {
  BY_NAME,
  type CountedTargetGroup,
  findTargetGroup,
  listTargetGroups,
  positionOfTargetGroup,
} from "../grouping/target-group-store.ts";
import { isoTime } from "../platform/clock.ts";
import { readKey, readPosition } from "../platform/list-position.ts";
import { groupName } from "../settings/group-name-input.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform, requireMadeId } from "./perform-or-problem.ts";
import { notFound } from "./problem.ts";
import type { memberShape, targetGroupShape } from "./target-group-shapes.ts";
import { requireTargetUser } from "./target-users.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The body that makes a target group by hand; its name has 1 to 256 characters (Unicode code points) after trimming. */
export const targetGroupInput = z.strictObject({ name: groupName });

/** Whether the members of a target group, and what it enrols them in, go with it. */
export const groupDeletion = z.strictObject({
  force: z
    .enum(["true", "false"])
    .optional()
    .describe(
      "`true`: its members leave it, and are withdrawn from what nothing else gives them. Otherwise they are in the way.",
    ),
});

/** The routes of a company's target groups and their members. */
export function targetGroupRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readPosition);
      const groups = await listTargetGroups(c.var.database, c.var.company.key, BY_NAME, paging, readInShareFor(c));
      return c.json(paging.answer(groups, (group) => positionOfTargetGroup(group, BY_NAME.order), presentTargetGroup));
    })
    .post("/", readBody(targetGroupInput), async (c) => {
      const outcome = await perform(c, { kind: "createTargetGroup", name: c.req.valid("json").name });
      return c.json(presentTargetGroup(await requireTargetGroup(c, requireMadeId(outcome))), 201);
    })
    .get("/:groupId", async (c) => c.json(presentTargetGroup(await requireTargetGroup(c, c.req.param("groupId")))))
    .patch("/:groupId", readBody(targetGroupInput), async (c) => {
      const { id } = await requireTargetGroup(c, c.req.param("groupId"));
      await perform(c, { kind: "renameTargetGroup", targetGroupId: id, name: c.req.valid("json").name });
      return c.json(presentTargetGroup(await requireTargetGroup(c, id)));
    })
    .delete("/:groupId", readQuery(groupDeletion), async (c) => {
      const { id } = await requireTargetGroup(c, c.req.param("groupId"));
      const force = c.req.valid("query").force === "true";
      await perform(c, { kind: "deleteTargetGroup", targetGroupId: id, force });
      return c.body(null, 204);
    })
    .get("/:groupId/members", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readKey);
      const group = await requireTargetGroup(c, c.req.param("groupId"));
      const members = await listTargetGroupMembers(c.var.database, group.key, paging);
      return c.json(paging.answer(members, (member) => member.userKey, presentMember));
    })
    .put("/:groupId/members/:userId", async (c) => {
      const { id: targetGroupId } = await requireTargetGroup(c, c.req.param("groupId"));
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      await perform(c, { kind: "addManualMember", targetGroupId, userId });
      return c.body(null, 204);
    })
    .delete("/:groupId/members/:userId", async (c) => {
      const { id: targetGroupId } = await requireTargetGroup(c, c.req.param("groupId"));
      const { id: userId } = await requireTargetUser(c, c.req.param("userId"));
      await perform(c, { kind: "removeManualMember", targetGroupId, userId });
      return c.body(null, 204);
    });
}

/** The company's target group of an id, or 404. */
export async function requireTargetGroup(c: Context<ApiEnv>, id: string): Promise<CountedTargetGroup> {
  const group = await findTargetGroup(c.var.database, c.var.company.key, id);
  if (group === null) throw notFound("no_such_target_group", id);
  return group;
}

/** A target group as lists answer it. */
export function presentTargetGroup(group: CountedTargetGroup): z.infer<typeof targetGroupShape> {
  const { id, name, source, memberCount } = group;
  return { id, name, source, memberCount, createdAt: isoTime(group.createdAt) };
}

function presentMember(member: TargetGroupMember): z.infer<typeof memberShape> {
  const { userId, userName, active, reasons } = member;
  return { userId, userName, status: active ? "active" : "inactive", reasons };
}
