import { type JsonObject, PATCH_OP } from "../document.ts";
import { request, requestMatch, type Session } from "../session.ts";
import type { Reply } from "../wire.ts";

/** `legacy` is the default; `optscim` has `aadOptscim062020` on the tenant URL. */
export type EntraDialect = "legacy" | "optscim";

/** What Entra's requests need: the tenant URL's query, alone (`query`) or before another (`flag`). */
export interface Entra {
  session: Session;
  dialect: EntraDialect;
  flag: string;
  query: string;
}

/** A matching look-up; Entra's query strings come with `+` and with `%20`, and now and then after a trailing slash. */
export function findByFilter(
  { session, flag }: Entra,
  resource: "Users" | "Groups",
  filter: string,
  more = "",
): Promise<JsonObject | null> {
  const encoded = encodeURIComponent(filter);
  const text = session.random.chance(0.5) ? encoded.replaceAll("%20", "+") : encoded;
  const slash = session.random.chance(0.1) ? "/" : "";
  const target = `/${resource}${slash}?${flag}${more}filter=${text}`;
  return requestMatch(session, { method: "GET", target, kind: `GET /${resource}?filter` });
}

/** A PATCH; users answer 200 or 204, groups 204 or 200. */
export function patch(
  { session, query }: Entra,
  resource: "Users" | "Groups",
  id: string | null,
  operations: readonly object[],
): Promise<Reply | null> {
  const target = `/${resource}/${id}${query}`;
  const body = { schemas: [PATCH_OP], Operations: operations };
  return request(session, { method: "PATCH", target, kind: `PATCH /${resource}/{id}`, body }, [200, 204]);
}
