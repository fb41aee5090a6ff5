import { type Context, Hono } from "hono";
import * as z from "zod";
import { readAtOneMoment } from "../companies/read-at-one-moment.ts";
import { readText } from "../platform/list-position.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { newId } from "../platform/uuid.ts";
import { listFields } from "../settings/field-store.ts";
import type { Setting } from "../settings/setting.ts";
import type { SettingChange, SettingInput } from "../settings/setting-input.ts";
import { settingChange, settingInput } from "../settings/setting-input.ts";
import { listSettings, selectSetting } from "../settings/setting-store.ts";
import { isSilent } from "../settings/shadow.ts";
import { forgetTokens } from "../settings/token-routing.ts";
import { listLiveTokenIds, selectToken } from "../settings/token-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { applyChange, assertSettingFits, requireSettingToChange } from "./assert-setting.ts";
import { idsOfMade, onlyOnce } from "./idempotency.ts";
import { issueToken, mintSealedToken } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform, requireMadeKey } from "./perform-or-problem.ts";
import { presentSetting, presentSettingOf, presentSettings, presentToken } from "./present-setting.ts";
import { invalidInput, notFound } from "./problem.ts";
import { requireSetting } from "./require-setting.ts";
import type { newSettingShape } from "./setting-shapes.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** What becomes of a deleted setting's users, and whether those who wait in a hold are left as they are. */
export const deletionQuery = z.object({
  users: z
    .enum(["keep", "remove"])
    .optional()
    .describe("`keep` (the default): its users stay as they are, managed by nobody. `remove`: they are deleted."),
  holds: z
    .literal("leave")
    .optional()
    .describe("Delete it although people of it wait in a hold; they stay as they are."),
});

/** The routes of a company's SCIM settings. */
export function scimSettingRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const { database, company } = c.var;
      const read = async () => {
        const found = await listSettings(database, company.key, paging);
        return paging.answer(
          found,
          ({ id }) => id,
          (setting) => setting,
        );
      };
      const present = async ({ items, ...page }: Awaited<ReturnType<typeof read>>) => ({
        items: await presentSettings(c, items),
        ...page,
      });
      const listed = await read();
      if (!listed.items.some(isSilent)) return c.json(await present(listed));
      return c.json(await readAtOneMoment(database, company.key, async () => present(await read())));
    })
    .post("/", readBody(settingInput), async (c) => {
      const input = c.req.valid("json");
      if (c.var.replay === null) await assertSettingFits(c, input, await listFields(c.var.database, c.var.company.key));
      return c.json(await createSetting(c, input), 201);
    })
    .get("/:settingId", async (c) => {
      return c.json(await presentSettingOf(c, c.req.param("settingId")));
    })
    .patch("/:settingId", readBody(settingChange), async (c) => {
      const change = c.req.valid("json");
      const { setting, fields } = await requireSettingToChange(c, c.req.param("settingId"));
      if (change.fieldMappings ?? change.groupSettings)
        await assertSettingFits(c, applyChange(setting, change), fields);
      assertToCome(change.expected, setting);
      await perform(c, { kind: "updateSetting", settingId: setting.id, ...change }, setting);
      return c.json(await presentSettingOf(c, setting.id));
    })
    .delete("/:settingId", readQuery(deletionQuery), async (c) => {
      const { holds, users = "keep" } = c.req.valid("query");
      const setting = await requireSetting(c, c.req.param("settingId"));
      const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key, setting.key);
      await perform(c, { kind: "deleteSetting", settingId: setting.id, users, holds }, setting);
      await forgetTokens(c.env, tokenIds);
      return c.body(null, 204);
    });
}

/** An announcement that is over already would do nothing; one that the setting has may be sent back as it was read. */
function assertToCome(expected: SettingChange["expected"], setting: Pick<Setting, "expected">): void {
  if (expected === undefined || expected === null || expected.until > Date.now()) return;
  if (expected.until === setting.expected?.until && expected.people === setting.expected.people) return;
  throw invalidInput([{ pointer: "/expected/until", detail: "Give a time that is still to come." }]);
}

async function createSetting(c: Context<ApiEnv>, input: SettingInput): Promise<z.infer<typeof newSettingShape>> {
  const minted = await mintSealedToken(c);
  const { id, tokenId } = idsOfMade(c, { id: newId(Date.now()), tokenId: minted.id });
  const token = { id: minted.id, lastFour: minted.lastFour, expiresAt: null };
  const outcome = await perform(c, { kind: "createSetting", id, ...input, token }, { id, provider: input.provider });
  const { key } = c.var.replay === null ? { key: requireMadeKey(outcome) } : await requireSetting(c, id);
  if (c.var.replay === null) await issueToken(c, minted, { id, key }, null);
  const { setting, row } = await runRead(
    c.var.database,
    together({ setting: selectSetting(c.var.company.key, id), row: selectToken(key, tokenId) }),
  );
  if (setting === null || row === null) throw notFound("no_such_setting", id);
  return { ...(await presentSetting(c, setting)), token: { ...presentToken(row), ...onlyOnce(c, minted.text) } };
}
