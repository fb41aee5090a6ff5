import * as z from "zod";

/** A moment in answers: ISO 8601. */
export const time = z.iso.datetime();

/** What somebody can be enrolled in. */
export const itemKind = z.enum(["training", "phishing"]);

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
export const nextCursor = z
  .string()
  .nullable()
  .describe("Goes into `cursor` of the next request; null on the last page");

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
