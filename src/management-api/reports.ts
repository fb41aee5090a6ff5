import { Hono } from "hono";
import * as z from "zod";
import { countPeopleByDay } from "../changes/people-report-store.ts";
import { countEnrolments } from "../enrolment/enrolment-report-store.ts";
import { DAY, isoTime } from "../platform/clock.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";
import { invalidInput } from "./problem.ts";
import { readQuery } from "./validate-input.ts";

/** Days of a report by day, at most and where nothing else is asked for. */
const MOST_DAYS = 92;
const USUAL_DAYS = 30;

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();

/** By what enrolments are counted, and when they started. */
export const enrolmentReportQuery = z.object({
  groupBy: z
    .enum(["item,status", "item", "status", "progress", "item,progress", "status,progress", "item,status,progress"])
    .default("item,status")
    .describe("What they are counted by: `status` is active or withdrawn, `progress` what was reported last"),
  from: moment.describe("Only those that started from this time on"),
  to: moment.describe("Only those that started before this time"),
});

/** For which days it is told what happened to people. */
export const peopleReportQuery = z.object({
  by: z.enum(["day"]).default("day").describe("A line for each day, in UTC"),
  from: moment.describe(`From the day of this time on; ${USUAL_DAYS} days before \`to\` where it is not given`),
  to: moment.describe(`Up to the day of this time, ${MOST_DAYS} days at most; today where it is not given`),
});

/** The routes of a company's reports. */
export function reportRoutes() {
  return new Hono<ApiEnv>()
    .get("/enrolments", readQuery(enrolmentReportQuery), async (c) => {
      const { groupBy, from = null, to = null } = c.req.valid("query");
      const by = new Set(groupBy.split(","));
      const report = { byItem: by.has("item"), byStatus: by.has("status"), byProgress: by.has("progress"), from, to };
      const counts = await countEnrolments(c.var.database, c.var.company.key, report, readInShareFor(c));
      const items = counts.map(({ progress, ...count }) => ({ ...count, ...(progress !== null && { progress }) }));
      return c.json({ items });
    })
    .get("/people", readQuery(peopleReportQuery), async (c) => {
      const { from, to = Date.now() } = c.req.valid("query");
      const end = Math.floor(to / DAY) + 1;
      const begin = from === undefined ? end - USUAL_DAYS : Math.floor(from / DAY);
      if (begin >= end || end - begin > MOST_DAYS)
        throw invalidInput([{ pointer: "/from", detail: `Give a time before \`to\`, ${MOST_DAYS} days at most.` }]);
      const days = await countPeopleByDay(
        c.var.database,
        c.var.company.key,
        { from: begin, to: end },
        readInShareFor(c),
      );
      return c.json({ items: days.map(({ day, ...counts }) => ({ day: isoTime(day * DAY).slice(0, 10), ...counts })) });
    });
}
