import { type Context, Hono } from "hono";
import * as z from "zod";
import { readText } from "../platform/list-position.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { newId } from "../platform/uuid.ts";
import { listFields } from "../settings/field-store.ts";
import type { SettingInput } from "../settings/setting-input.ts";
import { settingChange, settingInput } from "../settings/setting-input.ts";
import { listSettings, selectSetting } from "../settings/setting-store.ts";
import { forgetTokens } from "../settings/token-routing.ts";
import { listLiveTokenIds, selectToken } from "../settings/token-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { applyChange, assertSettingFits, requireSettingToChange } from "./assert-setting.ts";
import { issueToken, mintSealedToken } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform, requireMadeKey } from "./perform-or-problem.ts";
import { presentSetting, presentToken } from "./present-setting.ts";
import { notFound } from "./problem.ts";
import { requireSetting } from "./require-setting.ts";
import type { newSettingShape } from "./setting-shapes.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** What becomes of a deleted setting's users, and whether those who wait in a hold are left as they are; may be given as a query parameter or in the body. */
export const deletionInput = z.strictObject({
  users: z.enum(["keep", "remove"]).optional(),
  holds: z.literal("leave").optional(),
});

/** The routes of a company's SCIM settings. */
export function scimSettingRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const settings = await listSettings(c.var.database, c.var.company.key, paging);
      const present = (setting: (typeof settings)[number]) => presentSetting(setting, c.req.url);
      return c.json(paging.answer(settings, (setting) => setting.id, present));
    })
    .post("/", readBody(settingInput), async (c) => {
      const input = c.req.valid("json");
      await assertSettingFits(c, input, await listFields(c.var.database, c.var.company.key));
      return c.json(await createSetting(c, input), 201);
    })
    .get("/:settingId", async (c) => {
      return c.json(presentSetting(await requireSetting(c, c.req.param("settingId")), c.req.url));
    })
    .patch("/:settingId", readBody(settingChange), async (c) => {
      const change = c.req.valid("json");
      const { setting, fields } = await requireSettingToChange(c, c.req.param("settingId"));
      if (change.fieldMappings ?? change.groupSettings)
        await assertSettingFits(c, applyChange(setting, change), fields);
      await perform(c, { kind: "updateSetting", settingId: setting.id, ...change }, setting);
      return c.json(presentSetting(await requireSetting(c, setting.id), c.req.url));
    })
    .delete("/:settingId", readQuery(deletionInput), readBody(deletionInput), async (c) => {
      const holds = c.req.valid("query").holds ?? c.req.valid("json").holds;
      const users = c.req.valid("query").users ?? c.req.valid("json").users ?? "keep";
      const setting = await requireSetting(c, c.req.param("settingId"));
      const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key, setting.key);
      await perform(c, { kind: "deleteSetting", settingId: setting.id, users, holds }, setting);
      await forgetTokens(c.env, tokenIds);
      return c.body(null, 204);
    });
}

async function createSetting(c: Context<ApiEnv>, input: SettingInput): Promise<z.infer<typeof newSettingShape>> {
  const minted = await mintSealedToken(c);
  const id = newId(Date.now());
  const token = { id: minted.id, lastFour: minted.lastFour, expiresAt: null };
  const outcome = await perform(c, { kind: "createSetting", id, ...input, token }, { id, provider: input.provider });
  const key = requireMadeKey(outcome);
  await issueToken(c, minted, { id, key }, null);
  const { setting, row } = await runRead(
    c.var.database,
    together({ setting: selectSetting(c.var.company.key, id), row: selectToken(key, minted.id) }),
  );
  if (setting === null || row === null) throw notFound("no_such_setting", id);
  return { ...presentSetting(setting, c.req.url), token: { ...presentToken(row), secret: minted.text } };
}
