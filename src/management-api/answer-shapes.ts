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
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** The shape of one page of a list. */
export function pageShape<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
