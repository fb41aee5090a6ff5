import type { Attribute } from "../company.ts";
import type { Connector, HeadersFor } from "../provider.ts";
import { requestEmptyProbe, requestProbe, type Session } from "../session.ts";
import { createEntraGroups } from "./entra-groups.ts";
import { finishEntra } from "./entra-oddities.ts";
import { PATHS } from "./entra-operations.ts";
import type { Entra, EntraDialect } from "./entra-requests.ts";
import { createEntraUsers } from "./entra-users.ts";

/** Content type only where there is a body, no Accept, no known User-Agent. */
export const entraHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json; charset=utf-8" }),
});

/** Microsoft Entra ID, with or without `aadOptscim062020` on its tenant URL. */
export function createEntra(session: Session, dialect: EntraDialect): Connector {
  const entra: Entra = {
    session,
    dialect,
    flag: dialect === "optscim" ? "aadOptscim062020&" : "",
    query: dialect === "optscim" ? "?aadOptscim062020" : "",
  };
  return {
    sends: Object.keys(PATHS) as Attribute[], // Object.keys loses the key type of a Record.
    pageSize: null,
    deletesUsers: true,
    deactivatesUnassigned: true,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: true,
    ...createEntraUsers(entra),
    ...createEntraGroups(entra),
    testConnection: () => testConnection(entra),
    finish: () => finishEntra(entra),
  };
}

/** A random GUID as each possible matching attribute, a look at users and groups, and the pages admins suspect. */
async function testConnection({ session, flag }: Entra): Promise<void> {
  const guid = crypto.randomUUID();
  for (const attribute of ["userName", "externalId", "emails%5Btype+eq+%22work%22%5D.value"])
    await requestEmptyProbe(session, {
      method: "GET",
      target: `/Users?${flag}filter=${attribute}+eq+%22${guid}%22`,
      kind: "GET /Users?filter",
    });
  for (const target of ["/Users", "/Groups", "/Groups?excludedAttributes=members", "", "/"])
    await requestProbe(session, { method: "GET", target, kind: `GET ${target.split("?")[0] || "/"}` }, [200]);
  for (const target of ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])
    await requestProbe(session, { method: "GET", target, kind: `GET ${target}` }, [200]);
}
