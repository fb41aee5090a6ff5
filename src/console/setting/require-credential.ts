import { runRead, together } from "../../platform/read-batch.ts";
import { selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { selectTokens } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere } from "../refused.ts";

/** The setting of the path with all its credentials, of one moment; 404 where there is none. */
export async function readCredentials(c: ConsoleContext) {
  const { company, database } = c.var;
  const id = c.req.param("settingId") ?? "";
  const key = settingKeyOf(company.key, id);
  const all = { take: 200, after: null };
  const read = {
    setting: selectSetting(company.key, id),
    tokens: selectTokens(key, all),
    clients: selectClients(key, all),
    trusts: selectTrusts(key, all),
  };
  const { setting, ...credentials } = await runRead(database, together(read));
  if (setting === null) throw notHere();
  return { setting, credentials };
}

/** The token of the path with its setting and all that lives beside it, or 404. */
export async function requireToken(c: ConsoleContext) {
  const { setting, credentials } = await readCredentials(c);
  const token = credentials.tokens.find(({ id }) => id === c.req.param("tokenId"));
  if (token === undefined) throw notHere();
  return { setting, credentials, token };
}

/** The OAuth client of the path, as above. */
export async function requireClient(c: ConsoleContext) {
  const { setting, credentials } = await readCredentials(c);
  const client = credentials.clients.find(({ id }) => id === c.req.param("clientId"));
  if (client === undefined) throw notHere();
  return { setting, credentials, client };
}

/** The client's secret of the path, as above. */
export async function requireClientSecret(c: ConsoleContext) {
  const { client, ...found } = await requireClient(c);
  const secret = client.secrets.find(({ id }) => id === c.req.param("secretId"));
  if (secret === undefined) throw notHere();
  return { ...found, client, secret };
}

/** The trust of the path, as above. */
export async function requireTrust(c: ConsoleContext) {
  const { setting, credentials } = await readCredentials(c);
  const trust = credentials.trusts.find(({ id }) => id === c.req.param("trustId"));
  if (trust === undefined) throw notHere();
  return { setting, credentials, trust };
}
