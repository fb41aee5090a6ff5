import { Hono } from "hono";
import * as z from "zod";
import { previewChange } from "../consequences/preview-change.ts";
import { readKey } from "../platform/list-position.ts";
import { mergeMappings } from "../settings/fields.ts";
import { settingChange } from "../settings/setting-input.ts";
import type { ApiEnv } from "./api-env.ts";
import { applyChange, assertSettingFits, requireSettingToChange } from "./assert-setting.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { requireSetting } from "./require-setting.ts";
import { showSetting } from "./show-setting.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** Whether people who wait in a hold are left as they are while a setting is paused. */
export const pauseQuery = z.object({ holds: z.literal("leave").optional() });

/** The routes of what can be done with a SCIM setting: pause, resume, preview a change. */
export function settingActionRoutes() {
  return new Hono<ApiEnv>()
    .post("/:settingId/pause", readQuery(pauseQuery), async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "pauseSetting", settingId: setting.id, ...c.req.valid("query") }, setting);
      return c.json(await showSetting(c, setting.id));
    })
    .post("/:settingId/resume", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "resumeSetting", settingId: setting.id }, setting);
      return c.json(await showSetting(c, setting.id));
    })
    .post("/:settingId/preview", readQuery(pageQuery), readBody(settingChange), async (c) => {
      const change = c.req.valid("json");
      const paging = readPaging(c, c.req.valid("query"), readKey, change);
      const { setting, fields } = await requireSettingToChange(c, c.req.param("settingId"));
      const { fieldMappings, groupSettings } = applyChange(setting, change);
      await assertSettingFits(c, { fieldMappings, groupSettings }, fields);
      const proposed = { mappings: mergeMappings(fieldMappings), groupSettings };
      const { key } = c.var.company;
      const page = { limit: paging.limit, start: paging.after ?? 0 };
      const { next, ...preview } = await previewChange(c.var.database, key, setting, proposed, page);
      return c.json({ ...preview, nextCursor: next === null ? null : paging.cursorOf(next) });
    });
}
