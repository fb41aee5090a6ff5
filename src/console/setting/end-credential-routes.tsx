import { Hono } from "hono";
import type { ClientRecord } from "../../settings/oauth-client-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { forgetTokens } from "../../settings/token-routing.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { href, ROUTES } from "../routes.ts";
import { askEnd } from "./end-credential-page.tsx";
import { requireClient, requireClientSecret, requireToken, requireTrust } from "./require-credential.ts";

const FOR_GOOD = "This cannot be undone: the same one never works again.";
const ACCESS = "Its access tokens end with the next request, and it gives no more. This cannot be undone.";

/** The routes that end a setting's credentials: each asks on a page of its own first. */
export function endCredentialRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.revokeToken, async (c) => {
      const { setting, credentials, token } = await requireToken(c);
      const title = `Revoke the token ending in ${token.lastFour}?`;
      const lead = `It is refused from the next request on. ${FOR_GOOD}`;
      return askEnd(c, setting, credentials, { ...token, title, lead, label: "Revoke this token", ids: [token.id] });
    })
    .post(ROUTES.revokeToken, async (c) => {
      const { setting, token } = await requireToken(c);
      await perform(c, { kind: "revokeToken", settingId: setting.id, tokenId: token.id }, setting);
      await forgetTokens(c.env, [token.id]);
      return backToPage(c, setting, "revoked");
    })
    .get(ROUTES.endClient, async (c) => {
      const { setting, credentials, client } = await requireClient(c);
      const title = `Delete the client ${client.name}?`;
      const ids = client.secrets.map(({ id }) => id);
      const lead = `All its secrets go with it. ${ACCESS}`;
      return askEnd(c, setting, credentials, { title, lead, label: "Delete it", ids, lastUsedAt: lastUse(client) });
    })
    .post(ROUTES.endClient, async (c) => {
      const { setting, client } = await requireClient(c);
      await perform(c, { kind: "revokeClient", settingId: setting.id, clientId: client.id }, setting);
      return backToPage(c, setting);
    })
    .get(ROUTES.endSecret, async (c) => {
      const { setting, credentials, client, secret } = await requireClientSecret(c);
      const title = `Delete the secret ending in ${secret.lastFour}?`;
      const lead = `It is of the client ${client.name}. ${ACCESS}`;
      return askEnd(c, setting, credentials, { ...secret, title, lead, label: "Delete it", ids: [secret.id] });
    })
    .post(ROUTES.endSecret, async (c) => {
      const { setting, client, secret } = await requireClientSecret(c);
      const which = { settingId: setting.id, clientId: client.id, secretId: secret.id };
      await perform(c, { kind: "revokeClientSecret", ...which }, setting);
      return backToPage(c, setting);
    })
    .get(ROUTES.endTrust, async (c) => {
      const { setting, credentials, trust } = await requireTrust(c);
      const title = `Delete the trust in ${trust.subject}?`;
      return askEnd(c, setting, credentials, { ...trust, title, lead: ACCESS, label: "Delete it", ids: [trust.id] });
    })
    .post(ROUTES.endTrust, async (c) => {
      const { setting, trust } = await requireTrust(c);
      await perform(c, { kind: "revokeTrust", settingId: setting.id, trustId: trust.id }, setting);
      return backToPage(c, setting);
    });
}

function lastUse({ secrets }: ClientRecord): number | null {
  const uses = secrets.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  return uses.length === 0 ? null : Math.max(...uses);
}

function backToPage(c: ConsoleContext, setting: SettingRecord, done = "credential-deleted") {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("tokens", ids, { done }), 303);
}
