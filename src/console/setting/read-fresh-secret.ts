import { runRead } from "../../platform/read-batch.ts";
import { clientIdOf } from "../../settings/oauth-client.ts";
import { selectClient } from "../../settings/oauth-client-store.ts";
import { findToken } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { readShownOnce } from "../show-secret-once.ts";
import type { FreshSecret } from "./client-cards.tsx";
import { mayShowToken, mintFormToken } from "./form-token.ts";
import { mayShowSecret, mintFormSecret } from "./new-secret.ts";

/** A credential just made, shown this once. */
export interface Fresh {
  token?: string;
  secret?: FreshSecret;
}

/** What the form before this page made for a setting, if it may still be shown; asked a second time, nothing. */
export async function readFresh(c: ConsoleContext, setting: { id: string; key: number }): Promise<Fresh> {
  const shown = readShownOnce(c, ["token", "client", "secret"]);
  if (shown === null) return {};
  if (shown.kind === "token") {
    if (shown.of !== setting.id) return {};
    const { id, text } = await mintFormToken(c, setting.id, shown.nonce);
    return mayShowToken(await findToken(c.var.database, setting.key, id)) ? { token: text } : {};
  }
  const isFirst = shown.kind === "client";
  const minted = await mintFormSecret(c, isFirst ? setting.id : `${setting.id} ${shown.of}`, shown.nonce);
  const id = isFirst ? minted.clientId : shown.of;
  const client = await runRead(c.var.database, selectClient(setting.key, id));
  if (client === null || !mayShowSecret(client, minted.secret.id)) return {};
  return { secret: { clientId: clientIdOf(id), text: minted.text } };
}
