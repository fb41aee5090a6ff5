import { Hono } from "hono";
import * as z from "zod";
import { listLog, positionOfRequest, readLogPosition } from "../log/log-list-store.ts";
import { selectLogEntry } from "../log/log-store.ts";
import { publishLogEntry, publishLogEntryInFull } from "../log/published-log-entry.ts";
import { runRead } from "../platform/read-batch.ts";
import type { ApiEnv } from "./api-env.ts";
import type { logEntryInFullShape, logEntryShape } from "./history-shapes.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { notFound } from "./problem.ts";
import { requireSetting } from "./require-setting.ts";
import { readQuery } from "./validate-input.ts";

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();

/** The query of a setting's provisioning log; times are ISO 8601, `user` is part of a userName or displayName. */
export const logQuery = pageQuery.extend({
  outcome: z.enum(["success", "failure"]).optional(),
  status: z.coerce.number().int().min(100).max(599).optional(),
  method: z
    .string()
    .trim()
    .toUpperCase()
    .pipe(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    .optional(),
  resourceId: z.string().min(1).optional(),
  user: z.string().min(1).max(200).optional(),
  from: moment,
  to: moment,
});

/** The route of a setting's provisioning log, newest first. */
export function settingLogRoutes() {
  return new Hono<ApiEnv>().get("/:settingId/log", readQuery(logQuery), async (c) => {
    const filter = c.req.valid("query");
    const paging = readPaging(c, filter, readLogPosition);
    const setting = await requireSetting(c, c.req.param("settingId"));
    const { user: search = "", from: since, to, ...query } = filter;
    // The moment that is named last is within.
    const asked = { ...query, search, since, until: to === undefined ? null : to + 1 };
    const { company, database } = c.var;
    const page = { take: paging.take, after: paging.after };
    const rows = await listLog(database, company.key, setting, asked, page, readInShareFor(c));
    return c.json(
      paging.answer(rows, positionOfRequest, (entry): z.infer<typeof logEntryShape> => publishLogEntry(entry)),
    );
  });
}

/** The route of one logged request, with its redacted bodies. */
export function logRoutes() {
  return new Hono<ApiEnv>().get("/:requestId", async (c) => {
    const entry = await runRead(c.var.database, selectLogEntry(c.var.company.key, c.req.param("requestId")));
    if (entry === null) throw notFound("no_such_request", c.req.param("requestId"));
    const answer: z.infer<typeof logEntryInFullShape> = publishLogEntryInFull(entry);
    return c.json(answer);
  });
}
