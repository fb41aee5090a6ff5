import { Hono } from "hono";
import { fieldInput } from "../settings/field-input.ts";
import { listFields } from "../settings/field-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { toWholePage } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { notFound, Problem } from "./problem.ts";
import { readBody } from "./validate-input.ts";

/** The routes of a company's standard and custom fields. */
export function fieldRoutes() {
  return new Hono<ApiEnv>()
    .get("/", async (c) => c.json(toWholePage(await listFields(c.var.database, c.var.company.key))))
    .post("/", readBody(fieldInput), async (c) => {
      const field = c.req.valid("json");
      await perform(c, { kind: "createField", field });
      return c.json({ ...field, standard: false, path: null }, 201);
    })
    .delete("/:fieldKey", async (c) => {
      const key = c.req.param("fieldKey");
      const field = (await listFields(c.var.database, c.var.company.key)).find((each) => each.key === key);
      if (field === undefined) throw notFound("no_such_field", key);
      if (field.standard) throw new Problem("standard_field", `"${key}" is a standard field: every company keeps it.`);
      await perform(c, { kind: "deleteField", key });
      return c.body(null, 204);
    });
}
