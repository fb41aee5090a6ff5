import { Hono } from "hono";
import { readText } from "../platform/list-position.ts";
import { tokenInput } from "../settings/token-input.ts";
import { forgetTokens } from "../settings/token-routing.ts";
import { listTokens } from "../settings/token-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { idsOfMade, onlyOnce } from "./idempotency.ts";
import { issueToken, mintSealedToken } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { presentToken } from "./present-setting.ts";
import { requireEnd } from "./require-credential-end.ts";
import { requireSetting, requireToken } from "./require-setting.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The routes of a setting's tokens: several can live at once, so that one can be replaced without a gap. */
export function tokenRoutes() {
  return new Hono<ApiEnv>()
    .get("/:settingId/tokens", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const tokens = await listTokens(c.var.database, setting.key, paging);
      return c.json(paging.answer(tokens, (token) => token.id, presentToken));
    })
    .post("/:settingId/tokens", readBody(tokenInput), async (c) => {
      const given = c.req.valid("json").expiresAt;
      const expiresAt = c.var.replay === null ? requireEnd("token", given, Date.now()) : null;
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { text, ...minted } = await mintSealedToken(c);
      const { tokenId } = idsOfMade(c, { tokenId: minted.id });
      if (c.var.replay === null) {
        const token = { id: minted.id, lastFour: minted.lastFour, expiresAt };
        await perform(c, { kind: "createToken", settingId: setting.id, token }, setting);
        await issueToken(c, minted, setting, expiresAt);
      }
      return c.json({ ...presentToken(await requireToken(c, setting.key, tokenId)), ...onlyOnce(c, text) }, 201);
    })
    .delete("/:settingId/tokens/:tokenId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      const token = await requireToken(c, setting.key, c.req.param("tokenId"));
      await perform(c, { kind: "revokeToken", settingId: setting.id, tokenId: token.id }, setting);
      await forgetTokens(c.env, [token.id]);
      return c.body(null, 204);
    });
}
