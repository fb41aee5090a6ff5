import { type Context, Hono } from "hono";
import type * as z from "zod";
import { isoTime } from "../platform/clock.ts";
import { readText } from "../platform/list-position.ts";
import { randomHex } from "../platform/random-and-hash.ts";
import { runRead } from "../platform/read-batch.ts";
import { mintCredential } from "../settings/credential.ts";
import { clientIdOf, isSuperseded, SECRET_LIFETIME } from "../settings/oauth-client.ts";
import { clientInput, clientSecretInput } from "../settings/oauth-client-input.ts";
import {
  type ClientRecord,
  type ClientSecretRecord,
  selectClient,
  selectClients,
} from "../settings/oauth-client-store.ts";
import type { SettingRecord } from "../settings/setting-store.ts";
import { tokenEndpoint } from "../settings/tenant-url.ts";
import type { ApiEnv } from "./api-env.ts";
import type { clientSecretShape, clientShape } from "./client-shapes.ts";
import { idsOfMade, onlyOnce } from "./idempotency.ts";
import { requireStrongSecret } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { notFound } from "./problem.ts";
import { requireEnd } from "./require-credential-end.ts";
import { requireSetting } from "./require-setting.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The routes of a setting's OAuth clients and of their secrets. */
export function clientRoutes() {
  return new Hono<ApiEnv>()
    .get("/:settingId/clients", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const clients = await runRead(c.var.database, selectClients(setting.key, paging));
      const present = (client: ClientRecord) => presentClient(client, c.var.origin);
      return c.json(paging.answer(clients, ({ id }) => id, present));
    })
    .post("/:settingId/clients", readBody(clientInput), async (c) => {
      const { name, expiresAt } = c.req.valid("json");
      const { text, ...secret } = await mintSecret(c, expiresAt);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const ids = idsOfMade(c, { clientId: randomHex(12), secretId: secret.id });
      const client = { id: ids.clientId, name: name ?? setting.name };
      await perform(c, { kind: "createClient", settingId: setting.id, client, secret }, setting);
      const made = await requireClient(c, setting, client.id);
      return c.json(
        { ...presentClient(made, c.var.origin), secret: presentNewSecret(c, made, ids.secretId, text) },
        201,
      );
    })
    .get("/:settingId/clients/:clientId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      return c.json(presentClient(await requireClient(c, setting, c.req.param("clientId")), c.var.origin));
    })
    .delete("/:settingId/clients/:clientId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { id: clientId } = await requireClient(c, setting, c.req.param("clientId"));
      await perform(c, { kind: "revokeClient", settingId: setting.id, clientId }, setting);
      return c.body(null, 204);
    })
    .post("/:settingId/clients/:clientId/secrets", readBody(clientSecretInput), async (c) => {
      const { text, ...secret } = await mintSecret(c, c.req.valid("json").expiresAt);
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { id: clientId } = await requireClient(c, setting, c.req.param("clientId"));
      const { secretId } = idsOfMade(c, { secretId: secret.id });
      await perform(c, { kind: "createClientSecret", settingId: setting.id, clientId, secret }, setting);
      return c.json(presentNewSecret(c, await requireClient(c, setting, clientId), secretId, text), 201);
    })
    .delete("/:settingId/clients/:clientId/secrets/:secretId", async (c) => {
      const setting = await requireSetting(c, c.req.param("settingId"));
      const { id: clientId, secrets } = await requireClient(c, setting, c.req.param("clientId"));
      const secretId = c.req.param("secretId");
      if (!secrets.some(({ id }) => id === secretId)) throw notFound("no_such_secret", secretId);
      await perform(c, { kind: "revokeClientSecret", settingId: setting.id, clientId, secretId }, setting);
      return c.body(null, 204);
    });
}

async function mintSecret(c: Context<ApiEnv>, given: string | null | undefined) {
  const now = Date.now();
  const end = c.var.replay === null ? requireEnd("secret", given, now) : null;
  const expiresAt = end ?? now + SECRET_LIFETIME;
  return { ...(await mintCredential("clientSecret", requireStrongSecret(c))), expiresAt };
}

async function requireClient(c: Context<ApiEnv>, setting: SettingRecord, id: string): Promise<ClientRecord> {
  const client = await runRead(c.var.database, selectClient(setting.key, id));
  if (client === null) throw notFound("no_such_client", id);
  return client;
}

function presentClient(client: ClientRecord, origin: string): z.infer<typeof clientShape> {
  const { id, name, createdAt, revokedAt, secrets } = client;
  return {
    id,
    clientId: clientIdOf(id),
    name,
    tokenEndpoint: tokenEndpoint(origin),
    createdAt: isoTime(createdAt),
    revokedAt: isoTime(revokedAt),
    secrets: secrets.map((secret) => presentSecret(secret, secrets)),
  };
}

function presentSecret(
  secret: ClientSecretRecord,
  all: readonly ClientSecretRecord[],
): z.infer<typeof clientSecretShape> {
  const { id, lastFour, createdAt, expiresAt, lastUsedAt, revokedAt } = secret;
  return {
    id,
    lastFour,
    createdAt: isoTime(createdAt),
    // Every secret is made with an end.
    expiresAt: isoTime(expiresAt ?? createdAt),
    lastUsedAt: isoTime(lastUsedAt),
    revokedAt: isoTime(revokedAt),
    superseded: isSuperseded(secret, all, Date.now()),
  };
}

function presentNewSecret(c: Context<ApiEnv>, { secrets }: ClientRecord, id: string, text: string) {
  const made = secrets.find((secret) => secret.id === id);
  if (made === undefined) throw notFound("no_such_secret", id);
  return { ...presentSecret(made, secrets), ...onlyOnce(c, text) };
}
