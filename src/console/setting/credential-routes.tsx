import { Hono } from "hono";
import * as z from "zod";
import { randomHex } from "../../platform/random-and-hash.ts";
import { trustInput } from "../../settings/oauth-client-input.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { allowsLoopback, judgeTrust } from "../../settings/trusted-issuer.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { readForm } from "../read-form.ts";
import { href, ROUTES } from "../routes.ts";
import { leadToSecret, nonceOf } from "../show-secret-once.ts";
import { mintFormSecret } from "./new-secret.ts";
import { readCredentials, requireClient } from "./require-credential.ts";
import { lastDayOf, showTokens } from "./tokens-page.tsx";

const clientForm = z.object({
  nonce: z.string().optional(),
  clientName: z.string().trim().max(200).default(""),
  clientUntil: lastDayOf("secret"),
});
const secretForm = z.object({ nonce: z.string().optional() });
const blank = (text: unknown) => (text === "" ? undefined : text);
const trustForm = z.object({ ...trustInput.shape, jwksUrl: z.preprocess(blank, trustInput.shape.jwksUrl) });

/** The routes that make a setting's OAuth clients and trusts; their page is that of the tokens. */
export function credentialRoutes() {
  return new Hono<ConsoleEnv>()
    .post(ROUTES.clients, createClient)
    .post(ROUTES.clientSecrets, createSecret)
    .post(ROUTES.trusts, createTrust);
}

async function createClient(c: ConsoleContext) {
  const { setting } = await readCredentials(c);
  const form = await readForm(c, clientForm);
  if (!form.ok) return showTokens(c, { ...form, form: "client" });
  const { clientName, clientUntil } = form.data;
  const nonce = nonceOf(form.data.nonce);
  const { clientId: id, secret } = await mintFormSecret(c, setting.id, nonce, clientUntil);
  const client = { id, name: clientName === "" ? setting.name : clientName };
  const result = await attempt(c, { kind: "createClient", settingId: setting.id, client, secret }, setting);
  if (!result.ok) return showTokens(c, { form: "client", values: form.values, errors: { "": result.detail } });
  return leadToSecret(c, pageOf(c, setting), { kind: "client", of: setting.id, nonce });
}

async function createSecret(c: ConsoleContext) {
  const { setting, client } = await requireClient(c);
  const form = await readForm(c, secretForm);
  const nonce = nonceOf(form.ok ? form.data.nonce : undefined);
  const { secret } = await mintFormSecret(c, `${setting.id} ${client.id}`, nonce);
  const which = { settingId: setting.id, clientId: client.id };
  const result = await attempt(c, { kind: "createClientSecret", ...which, secret }, setting);
  if (!result.ok) return showTokens(c, { form: "client", values: {}, errors: { "": result.detail } });
  return leadToSecret(c, pageOf(c, setting), { kind: "secret", of: client.id, nonce });
}

function pageOf(c: ConsoleContext, setting: SettingRecord): string {
  return href("tokens", { companyId: c.var.company.id, settingId: setting.id });
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
