import { Hono } from "hono";
import * as z from "zod";
import { randomHex } from "../../platform/random-and-hash.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { clientIdOf } from "../../settings/oauth-client.ts";
import { trustInput } from "../../settings/oauth-client-input.ts";
import { type ClientRecord, selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { type SettingRecord, selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { allowsLoopback, judgeTrust } from "../../settings/trusted-issuer.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { attempt, perform } from "../perform-for-page.ts";
import { readForm } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { Decision } from "../views/form.tsx";
import { formatExact } from "../views/moments-and-counts.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { isShown, mintFormSecret } from "./new-secret.ts";
import { lastDayOf, showTokens } from "./tokens-page.tsx";

const clientForm = z.object({
  nonce: z.string().optional(),
  clientName: z.string().trim().max(200).default(""),
  clientUntil: lastDayOf("secret"),
});
const secretForm = z.object({ nonce: z.string().optional() });
const blank = (text: unknown) => (text === "" ? undefined : text);
const trustForm = z.object({ ...trustInput.shape, jwksUrl: z.preprocess(blank, trustInput.shape.jwksUrl) });

/** The routes of a setting's OAuth clients and trusts; their page is that of the tokens. */
export function credentialRoutes() {
  return new Hono<ConsoleEnv>()
    .post(ROUTES.clients, createClient)
    .post(ROUTES.clientSecrets, createSecret)
    .post(ROUTES.trusts, createTrust)
    .get(ROUTES.endClient, async (c) => {
      const { setting, client } = await requireClient(c);
      return askEnd(c, setting, {
        what: `client ${client.name}`,
        also: "All its secrets go with it.",
        lastUsedAt: lastUse(client),
      });
    })
    .post(ROUTES.endClient, async (c) => {
      const { setting, client } = await requireClient(c);
      await perform(c, { kind: "revokeClient", settingId: setting.id, clientId: client.id }, setting);
      return backToPage(c, setting);
    })
    .get(ROUTES.endSecret, async (c) => {
      const { setting, client, secret } = await requireSecret(c);
      const what = `secret ending in ${secret.lastFour}`;
      return askEnd(c, setting, { what, also: `It is of the client ${client.name}.`, lastUsedAt: secret.lastUsedAt });
    })
    .post(ROUTES.endSecret, async (c) => {
      const { setting, client, secret } = await requireSecret(c);
      const which = { settingId: setting.id, clientId: client.id, secretId: secret.id };
      await perform(c, { kind: "revokeClientSecret", ...which }, setting);
      return backToPage(c, setting);
    })
    .get(ROUTES.endTrust, async (c) => {
      const { setting, trust } = await requireTrust(c);
      return askEnd(c, setting, { what: `trust in ${trust.subject}`, also: "", lastUsedAt: trust.lastUsedAt });
    })
    .post(ROUTES.endTrust, async (c) => {
      const { setting, trust } = await requireTrust(c);
      await perform(c, { kind: "revokeTrust", settingId: setting.id, trustId: trust.id }, setting);
      return backToPage(c, setting);
    });
}

/** The setting of the path with its clients and trusts, of one moment. */
async function readCredentials(c: ConsoleContext) {
  const { company, database } = c.var;
  const id = c.req.param("settingId") ?? "";
  const key = settingKeyOf(company.key, id);
  const all = { take: 200, after: null };
  const read = {
    setting: selectSetting(company.key, id),
    clients: selectClients(key, all),
    trusts: selectTrusts(key, all),
  };
  const { setting, clients, trusts } = await runRead(database, together(read));
  if (setting === null) throw notHere();
  return { setting, clients, trusts };
}

async function requireClient(c: ConsoleContext) {
  const { setting, clients } = await readCredentials(c);
  const client = clients.find(({ id }) => id === c.req.param("clientId"));
  if (client === undefined) throw notHere();
  return { setting, client };
}

async function requireSecret(c: ConsoleContext) {
  const { setting, client } = await requireClient(c);
  const secret = client.secrets.find(({ id }) => id === c.req.param("secretId"));
  if (secret === undefined) throw notHere();
  return { setting, client, secret };
}

async function requireTrust(c: ConsoleContext) {
  const { setting, trusts } = await readCredentials(c);
  const trust = trusts.find(({ id }) => id === c.req.param("trustId"));
  if (trust === undefined) throw notHere();
  return { setting, trust };
}

async function createClient(c: ConsoleContext) {
  const { setting } = await readCredentials(c);
  const form = await readForm(c, clientForm);
  if (!form.ok) return showTokens(c, { ...form, form: "client" });
  const { nonce, clientName, clientUntil } = form.data;
  const { clientId: id, text, secret } = await mintFormSecret(c, setting.id, nonce, clientUntil);
  const client = { id, name: clientName === "" ? setting.name : clientName };
  const result = await attempt(c, { kind: "createClient", settingId: setting.id, client, secret }, setting);
  if (!result.ok) return showTokens(c, { form: "client", values: form.values, errors: { "": result.detail } });
  return showFresh(c, id, { id: secret.id, text });
}

async function createSecret(c: ConsoleContext) {
  const { setting, client } = await requireClient(c);
  const form = await readForm(c, secretForm);
  const { text, secret } = await mintFormSecret(c, `${setting.id} ${client.id}`, form.ok ? form.data.nonce : undefined);
  const which = { settingId: setting.id, clientId: client.id };
  const result = await attempt(c, { kind: "createClientSecret", ...which, secret }, setting);
  if (!result.ok) return showTokens(c, { form: "client", values: {}, errors: { "": result.detail } });
  return showFresh(c, client.id, { id: secret.id, text });
}

async function showFresh(c: ConsoleContext, clientId: string, { id, text }: { id: string; text: string }) {
  const { clients } = await readCredentials(c);
  const client = clients.find((each) => each.id === clientId);
  const freshSecret =
    client !== undefined && isShown(client, id) ? { clientId: clientIdOf(clientId), text } : undefined;
  return showTokens(c, { freshSecret });
}

async function createTrust(c: ConsoleContext) {
  const { setting } = await readCredentials(c);
  const form = await readForm(c, trustForm);
  if (!form.ok) return showTokens(c, { ...form, form: "trust" });
  const judged = judgeTrust(form.data, allowsLoopback(c.env, c.req.url));
  if (Array.isArray(judged)) {
    const errors = Object.fromEntries(judged.map(({ pointer, detail }) => [pointer.slice(1), detail]));
    return showTokens(c, { form: "trust", values: form.values, errors });
  }
  const trust = { id: randomHex(12), ...judged };
  const result = await attempt(c, { kind: "createTrust", settingId: setting.id, trust }, setting);
  if (!result.ok) return showTokens(c, { form: "trust", values: form.values, errors: { "": result.detail } });
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setup", ids, { signIn: "federation", done: "trusted" }), 303);
}

interface Ending {
  what: string;
  also: string;
  lastUsedAt: number | null;
}

/** Asks before a credential ends, and says when it was last used. */
function askEnd(c: ConsoleContext, setting: SettingRecord, { what, also, lastUsedAt }: Ending) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const used = lastUsedAt === null ? "It has never been used." : `It was last used on ${formatExact(lastUsedAt)}.`;
  const lead = "Its access tokens end with the next request, and it gives no more. This cannot be undone.";
  return c.html(
    <SettingFrame c={c} setting={setting} title={`Delete the ${what}`} lead={lead}>
      <form class="card stack" method="post">
        <p>{`${used} ${also}`}</p>
        <Decision cancel={href("tokens", ids)} label="Delete it" isDanger />
      </form>
    </SettingFrame>,
  );
}

function lastUse({ secrets }: ClientRecord): number | null {
  const uses = secrets.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  return uses.length === 0 ? null : Math.max(...uses);
}

function backToPage(c: ConsoleContext, setting: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("tokens", ids, { done: "credential-deleted" }), 303);
}
