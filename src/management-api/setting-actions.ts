import { Hono } from "hono";
import * as z from "zod";
import type { Reads } from "../companies/split-long-reads.ts";
import { selectOpenHoldCount } from "../holds/open-hold-counts-store.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { PREVIEW, previewChange, previewRemoval } from "../previews/preview-change.ts";
import { mergeMappings } from "../settings/fields.ts";
import { goLiveInput, settingChange } from "../settings/setting-input.ts";
import type { ApiEnv } from "./api-env.ts";
import { applyChange, assertSettingFits, requireSettingToChange } from "./assert-setting.ts";
import { readInShareFor } from "./list-in-share.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { presentSettingOf } from "./present-setting.ts";
import { requireSetting } from "./require-setting.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** Whether people who wait in a hold are left as they are while a setting is paused. */
export const pauseQuery = z.object({ holds: z.literal("leave").optional() });

/** What would become of a setting's users, were it deleted. */
export const deletionPreviewInput = z.strictObject({ users: z.enum(["keep", "remove"]) });

/** What the deletion of a setting does whose people stay as they are. */
const NOTHING = { joins: 0, leaves: 0, groups: { new: 0, emptied: 0 }, enrolments: [] };

/** The routes of what can be done with a SCIM setting: pause, resume, go live, preview a change or a deletion. */
export function settingActionRoutes() {
  return new Hono<ApiEnv>()
    .post("/:settingId/pause", readQuery(pauseQuery), async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "pauseSetting", settingId: setting.id, ...c.req.valid("query") }, setting);
      return c.json(await presentSettingOf(c, setting.id));
    })
    .post("/:settingId/resume", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "resumeSetting", settingId: setting.id }, setting);
      return c.json(await presentSettingOf(c, setting.id));
    })
    .post("/:settingId/go-live", readBody(goLiveInput), async (c) => {
      const { version } = c.req.valid("json");
      const setting = await requireSetting(c, c.req.param("settingId"));
      await perform(c, { kind: "goLive", settingId: setting.id, version }, setting);
      return c.json(await presentSettingOf(c, setting.id));
    })
    .post("/:settingId/preview-deletion", readBody(deletionPreviewInput), async (c) => {
      const { key, users, id } = await requireSetting(c, c.req.param("settingId"));
      const { database, company } = c.var;
      const removal = (reads: Reads) => previewRemoval(reads, company.key, key);
      const { people: waiting } = await runRead(database, selectOpenHoldCount(company.key, id));
      const isKept = c.req.valid("json").users === "keep";
      const preview = isKept ? NOTHING : await readInShareFor(c)(PREVIEW, removal);
      return c.json({ people: isKept ? 0 : users.active + users.inactive, waiting, ...preview });
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
      const { next, ...preview } = await readInShareFor(c)(PREVIEW, (reads) =>
        previewChange(reads, key, setting, proposed, page),
      );
      return c.json({ ...preview, nextCursor: next === null ? null : paging.cursorOf(next) });
    });
}
