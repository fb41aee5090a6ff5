import { type Context, Hono } from "hono";
import type * as z from "zod";
import { isoTime } from "../platform/clock.ts";
import { readText } from "../platform/list-position.ts";
import { randomHex } from "../platform/random-and-hash.ts";
import { runRead } from "../platform/read-batch.ts";
import { clientIdOf } from "../settings/oauth-client.ts";
import { trustInput } from "../settings/oauth-client-input.ts";
import { selectTrust, selectTrusts, type TrustRecord } from "../settings/oauth-client-store.ts";
import type { SettingRecord } from "../settings/setting-store.ts";
import { tokenEndpoint } from "../settings/tenant-url.ts";
import { allowsLoopback, judgeTrust } from "../settings/trusted-issuer.ts";
import type { ApiEnv } from "./api-env.ts";
import type { trustShape } from "./client-shapes.ts";
import { idsOfMade } from "./idempotency.ts";
import { requireStrongSecret } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { invalidInput, notFound } from "./problem.ts";
import { requireSetting } from "./require-setting.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The routes of a setting's trusts (workload identity federation, RFC 7523). */
export function trustRoutes() {
  return new Hono<ApiEnv>()
    .get("/:settingId/trusts", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const trusts = await runRead(c.var.database, selectTrusts(setting.key, paging));
      const present = (trust: TrustRecord) => presentTrust(trust, c.var.origin);
      return c.json(paging.answer(trusts, ({ id }) => id, present));
    })
    .post("/:settingId/trusts", readBody(trustInput), async (c) => {
      requireStrongSecret(c);
      const judged = judgeTrust(c.req.valid("json"), allowsLoopback(c.env, c.req.url));
      if (Array.isArray(judged)) throw invalidInput(judged);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { trustId } = idsOfMade(c, { trustId: randomHex(12) });
      const trust = { id: trustId, ...judged };
      await perform(c, { kind: "createTrust", settingId: setting.id, trust }, setting);
      return c.json(presentTrust(await requireTrust(c, setting, trust.id), c.var.origin), 201);
    })
    .get("/:settingId/trusts/:trustId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      return c.json(presentTrust(await requireTrust(c, setting, c.req.param("trustId")), c.var.origin));
    })
    .delete("/:settingId/trusts/:trustId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { id: trustId } = await requireTrust(c, setting, c.req.param("trustId"));
      await perform(c, { kind: "revokeTrust", settingId: setting.id, trustId }, setting);
      return c.body(null, 204);
    });
}

async function requireTrust(c: Context<ApiEnv>, setting: SettingRecord, id: string): Promise<TrustRecord> {
  const trust = await runRead(c.var.database, selectTrust(setting.key, id));
  if (trust === null) throw notFound("no_such_trust", id);
  return trust;
}

function presentTrust(trust: TrustRecord, origin: string): z.infer<typeof trustShape> {
  const { id, issuer, subject, audience, jwksUrl, createdAt, lastUsedAt, revokedAt } = trust;
  return {
    id,
    clientId: clientIdOf(id),
    tokenEndpoint: tokenEndpoint(origin),
    ...{ issuer, subject, audience, jwksUrl },
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTime(lastUsedAt),
    revokedAt: isoTime(revokedAt),
  };
}
