import { presentKey } from "../../platform/derived-keys.ts";
import { hmacHex } from "../../platform/random-and-hash.ts";
import { mintWebhookSecret, sealWebhookSecret } from "../../webhooks/webhook-secret.ts";
import type { ConsoleContext } from "../console-env.ts";

/** A signing secret as it is stored, and its text to show. */
interface FormSecret {
  id: string;
  sealed: string;
  text: string;
}

/**
 * The signing secret of a form: it comes from the form's random nonce and the deployment's own secret, so one form for one
 * webhook sent twice makes one secret, and a lost answer can be had again.
 */
export async function secretOfForm(c: ConsoleContext, webhookId: string, nonce: string): Promise<FormSecret> {
  const { key } = await presentKey(c.env, "console forms");
  const from = `${c.var.company.id} ${webhookId} ${nonce}`;
  const hex = await hmacHex(key, `webhook secret ${from}`);
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = mintWebhookSecret(bytes);
  const id = (await hmacHex(key, `webhook secret id ${from}`)).slice(0, 32);
  return { id, sealed: await sealWebhookSecret(c.env, webhookId, text), text };
}
