import { Hono } from "hono";
import * as z from "zod";
import { selectCatalogue } from "../enrolment/training-store.ts";
import { runRead } from "../platform/read-batch.ts";
import type { ApiEnv } from "./api-env.ts";
import { refuseTwice } from "./auto-enrolments.ts";
import { toWholePage } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { readBody } from "./validate-input.ts";

/** Items of a catalogue at most. */
const MOST_ITEMS = 1_000;

const item = z.strictObject({
  kind: z.enum(["training", "phishing"]),
  id: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(200),
});
const list = z.array(item).max(MOST_ITEMS).superRefine(refuseTwice);

/** The whole catalogue, as documented: bare, or as `items`, the shape GET answers. */
export const catalogueInput = z.union([list, z.object({ items: list })]);

/** The same as it is read: a union would say of a fault only that neither shape fits. */
const sentCatalogue = z.preprocess(
  (body) => (typeof body === "object" && body !== null && "items" in body ? body.items : body),
  list,
);

/** The routes of what there is to enrol people in. */
export function catalogueRoutes() {
  return new Hono<ApiEnv>()
    .get("/", async (c) => c.json(toWholePage(await runRead(c.var.database, selectCatalogue(c.var.company.key)))))
    .put("/", readBody(sentCatalogue), async (c) => {
      await perform(c, { kind: "setCatalogue", items: c.req.valid("json") });
      return c.json(toWholePage(await runRead(c.var.database, selectCatalogue(c.var.company.key))));
    });
}
