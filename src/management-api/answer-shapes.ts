import * as z from "zod";
import { PROGRESS_STATUSES } from "../directory/enrolment-column-values.ts";

/** A moment in answers: ISO 8601. */
export const time = z.iso.datetime();

/** What somebody can be enrolled in. */
export const itemKind = z.enum(["training", "phishing"]);

/** How far somebody is with an enrolment. */
export const progressShape = z.object({
  status: z.enum(PROGRESS_STATUSES).describe("`assigned` until something else is reported"),
  score: z.number().nullable().describe("From 0 to 100"),
  completedAt: time.nullable(),
  dueAt: time.nullable().describe("By `dueInDays` of what enrolled the person, or as it was reported last"),
});

/** Whether the time of an enrolment is over. */
export const overdueShape = z
  .boolean()
  .describe(
    "Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then.",
  );

/** A refusal (RFC 9457). */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z
    .string()
    .describe("Why, as a word: a client decides by it, and takes one that it does not know for the status."),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** Where a list goes on. */
const nextCursor = z.string().nullable().describe("Goes into `cursor` of the next request; null on the last page");

const pages = new Map<z.ZodType, z.ZodType>();
const items = new Map<z.ZodType, z.ZodType>();

/** The shape of one page of a list: one and the same for each kind of item. */
export function pageShape<Item extends z.ZodType>(item: Item): z.ZodType {
  const known = pages.get(item);
  if (known !== undefined) return known;
  const page = z.object({ items: z.array(item), nextCursor });
  pages.set(item, page);
  items.set(page, item);
  return page;
}

/** What a page is a list of; undefined for any other shape. */
export function itemOfPage(page: z.ZodType): z.ZodType | undefined {
  return items.get(page);
}
