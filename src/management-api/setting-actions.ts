import { Hono } from "hono";
import { z } from "zod";
import { previewRegrouping } from "../grouping/preview.ts";
import { mergeMappings } from "../settings/fields.ts";
import { settingChange } from "../settings/setting-input.ts";
import type { ApiEnv } from "./api-env.ts";
import { applyChange, assertSettingFits } from "./assert-setting.ts";
import { pageQuery } from "./pagination.ts";
import { perform } from "./perform.ts";
import { presentSetting } from "./present-setting.ts";
import { requireSetting } from "./require-setting.ts";
import { readBody, readQuery } from "./validate.ts";

/** The query of a preview, whose cursor counts the changes shown so far. */
export const previewQuery = pageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "Give the nextCursor of a preview.")
    .optional(),
});

/** The routes of what can be done with a SCIM setting: pause, resume, preview a change. */
export function settingActionRoutes() {
  return new Hono<ApiEnv>()
    .post("/:settingId/pause", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "pauseSetting", settingId: setting.id }, setting);
      return c.json(presentSetting(await requireSetting(c, setting.id), c.req.url));
    })
    .post("/:settingId/resume", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "resumeSetting", settingId: setting.id }, setting);
      return c.json(presentSetting(await requireSetting(c, setting.id), c.req.url));
    })
    .post("/:settingId/preview", readQuery(previewQuery), readBody(settingChange), async (c) => {
      const { limit, cursor = null } = c.req.valid("query");
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { fieldMappings, groupSettings } = applyChange(setting, c.req.valid("json"));
      await assertSettingFits(c, { fieldMappings, groupSettings });
      const proposed = { mappings: mergeMappings(fieldMappings), groupSettings };
      const { key } = c.var.company;
      return c.json(await previewRegrouping(c.var.database, key, setting, proposed, { limit, cursor }));
    });
}
