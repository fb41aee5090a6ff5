import { Hono } from "hono";
import * as z from "zod";
import type { Reads } from "../companies/split-long-reads.ts";
import { listAutoEnrolments } from "../enrolment/enrolment-store.ts";
import { PREVIEW, previewItems } from "../previews/preview-change.ts";
import type { ApiEnv } from "./api-env.ts";
import { readInShareFor } from "./list-in-share.ts";
import { toWholePage } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { terms } from "./target-group-shapes.ts";
import { requireTargetGroup } from "./target-groups.ts";
import { readBody, readQuery } from "./validate-input.ts";

const item = z.strictObject({
  kind: z.enum(["training", "phishing"]),
  id: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(200),
  ...terms,
});

/** Refuses a list of items that names one of them twice. */
export function refuseTwice(items: readonly { kind: string; id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { kind, id }] of items.entries()) {
    const key = `${kind} ${id}`;
    if (seen.has(key)) context.addIssue({ code: "custom", path: [index], message: "Named twice.", input: items });
    seen.add(key);
  }
}

const list = z.array(item).max(200).superRefine(refuseTwice);

/** The whole list of what a target group enrols its members in, as documented: bare, or as `items`, the shape GET answers. */
export const autoEnrolmentsInput = z.union([list, z.object({ items: list })]);

/** The same as it is read: a union would say of a fault only that neither shape fits. */
const sentList = z.preprocess(
  (body) => (typeof body === "object" && body !== null && "items" in body ? body.items : body),
  list,
);

/** With `preview=true` nothing is replaced: the answer says which enrolments would start and end. */
export const itemsQuery = z.strictObject({ preview: z.enum(["true", "false"]).optional() });

function toItem({ id: itemId, ...rest }: z.output<typeof item>) {
  return { itemId, ...rest };
}

/** The routes of a target group's auto-enrolments. */
export function autoEnrolmentRoutes() {
  return new Hono<ApiEnv>()
    .get("/:groupId/auto-enrolments", async (c) => {
      const group = await requireTargetGroup(c, c.req.param("groupId"));
      return c.json(toWholePage(await listAutoEnrolments(c.var.database, c.var.company.key, group.key)));
    })
    .put("/:groupId/auto-enrolments", readQuery(itemsQuery), readBody(sentList), async (c) => {
      const group = await requireTargetGroup(c, c.req.param("groupId"));
      const items = c.req.valid("json");
      const { company } = c.var;
      if (c.req.valid("query").preview === "true") {
        const preview = (reads: Reads) => previewItems(reads, company.key, group.key, items.map(toItem));
        return c.json({ enrolments: await readInShareFor(c)(PREVIEW, preview) });
      }
      await perform(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items });
      return c.json(toWholePage(await listAutoEnrolments(c.var.database, c.var.company.key, group.key)));
    });
}
