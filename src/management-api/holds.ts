import { type Context, Hono } from "hono";
import * as z from "zod";
import { type AppliedPerson, canUndo, listApplied } from "../holds/applied-before-hold-store.ts";
import { type HeldPerson, type HoldRecord, listHeldPeople, listHolds, selectHold } from "../holds/hold-store.ts";
import { selectIsAboutAnybody } from "../holds/open-hold-counts-store.ts";
import { isoTime } from "../platform/clock.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import type { ApiEnv } from "./api-env.ts";
import type { appliedShape, effectShape, holdShape } from "./hold-shapes.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { notFound, Problem } from "./problem.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The query of the list of holds. */
export const holdQuery = pageQuery.extend({ status: z.enum(["open", "closed"]).optional() });

/** The query of the people of a hold: those who have each word of a text in user name, e-mail address or name. */
export const effectQuery = pageQuery.extend({ search: z.string().min(1).max(200).optional() });

const userIds = z.array(z.string().min(1).max(64)).min(1).max(20_000).optional();

/** A decision about a hold: of all people, or of those named, and of what was recorded up to the version that was shown. */
export const holdDecisionInput = z.strictObject({ version: z.int().min(0), userIds });

/** Whose losses of the hour before a hold opened are undone. */
export const holdUndoInput = z.strictObject({ userIds });

/** The routes of what the brake holds of a company. */
export function holdRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(holdQuery), async (c) => {
      const query = c.req.valid("query");
      const paging = readPaging(c, query, readKey);
      const page = { ...paging, status: query.status ?? null };
      const holds = await listHolds(c.var.database, c.var.company.key, page);
      return c.json(paging.answer(holds, ({ key }) => key, presentHold));
    })
    .get("/:holdId", async (c) => c.json(presentHold(await requireHold(c, c.req.param("holdId")))))
    .get("/:holdId/effects", readQuery(effectQuery), async (c) => {
      const query = c.req.valid("query");
      const paging = readPaging(c, query, readKey);
      const hold = await requireHold(c, c.req.param("holdId"));
      const people = await listHeldPeople(
        c.var.database,
        hold.key,
        { ...paging, search: query.search ?? null },
        readInShareFor(c),
      );
      return c.json(paging.answer(people, ({ key }) => key, presentEffect));
    })
    .get("/:holdId/applied", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readKey);
      const hold = await requireHold(c, c.req.param("holdId"));
      const people = await listApplied(c.var.database, hold.key, paging);
      return c.json(paging.answer(people, ({ userKey }) => userKey, presentApplied));
    })
    .post("/:holdId/release", readBody(holdDecisionInput), (c) => decide(c, "release", c.req.valid("json")))
    .post("/:holdId/keep", readBody(holdDecisionInput), (c) => decide(c, "keep", c.req.valid("json")))
    .post("/:holdId/undo", readBody(holdUndoInput), async (c) => {
      const { userIds } = c.req.valid("json");
      const { id, key } = await requireHold(c, c.req.param("holdId"));
      const isAny = c.var.replay !== null || (await canUndo(c.var.database, key, userIds ?? null, readInShareFor(c)));
      if (!isAny)
        throw new Problem(
          "nothing_to_undo",
          `Nothing that was carried out before hold ${id}${userIds === undefined ? "" : ", of the people named,"} can be undone. Nothing was changed. What stands against it is said for each at …/applied.`,
        );
      await perform(c, { kind: "undoHold", hold: { id, key }, userIds });
      return c.json(presentHold(await requireHold(c, id)));
    });
}

async function decide(
  c: Context<ApiEnv, "/:holdId">,
  decision: "release" | "keep",
  { version, userIds }: z.infer<typeof holdDecisionInput>,
) {
  const { id: holdId, key } = await requireOpenHold(c, c.req.param("holdId"));
  const asked = { version, userIds: userIds ?? null };
  if (c.var.replay === null && !(await runRead(c.var.database, selectIsAboutAnybody(key, asked))))
    throw new Problem(
      "not_held",
      `${userIds === undefined ? "Nobody" : "None of the people named"} waits in hold ${holdId} up to version ${version}. Nothing was decided.`,
    );
  await perform(c, { kind: "decideHold", holdId, decision, version, userIds });
  return c.json(presentHold(await requireHold(c, holdId)));
}

async function requireHold(c: Context<ApiEnv>, id: string): Promise<HoldRecord> {
  const hold = await runRead(c.var.database, selectHold(c.var.company.key, id));
  if (hold === null) throw notFound("no_such_hold", id);
  return hold;
}

async function requireOpenHold(c: Context<ApiEnv>, id: string): Promise<HoldRecord> {
  const hold = await requireHold(c, id);
  if (hold.status === "closed" && c.var.replay === null)
    throw new Problem("hold_closed", `Nothing waits in hold ${id} any more.`);
  return hold;
}

/** A hold as the API answers it. */
function presentHold(hold: HoldRecord): z.infer<typeof holdShape> {
  const { id, settingId, kind, status, version, people, released, kept, dissolved, decidedBy, causes } = hold;
  return {
    ...{ id, settingId, kind, status, version, people, causes },
    outcome: { released, kept, dissolved },
    openedAt: isoTime(hold.openedAt),
    closedAt: isoTime(hold.closedAt),
    decidedAt: isoTime(hold.decidedAt),
    decidedBy: decidedBy === null ? null : { kind: decidedBy },
  };
}

function presentEffect({ userId, userName, status, groups, enrolments }: HeldPerson): z.infer<typeof effectShape> {
  const isKept = status?.version === null || (status === null && groups.every(({ version }) => version === null));
  const versions = [status?.version ?? 0, ...groups.map(({ version }) => version ?? 0)];
  return {
    ...{ userId, userName },
    state: isKept ? "kept" : "waiting",
    version: Math.max(...versions),
    action: status === null ? "leaveGroups" : status.as === "inactive" ? "deactivate" : "delete",
    groups: groups.map(({ id, name, requestId, to }) => ({ id, name, requestId, to })),
    enrolments,
  };
}

function presentApplied({
  userId,
  userName,
  group,
  lostAt,
  undoneAt,
  obstacle,
}: AppliedPerson): z.infer<typeof appliedShape> {
  return {
    userId,
    userName,
    group,
    lostAt: isoTime(lostAt),
    undoneAt: isoTime(undoneAt),
    canBeUndone: obstacle === null,
    obstacle,
  };
}
