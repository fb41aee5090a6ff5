import type { Env } from "./env.ts";
import { originOf } from "./request-url.ts";

/**
 * The origin of the addresses that answers give: that of PUBLIC_URL where it is set to an http or https address, else the
 * one the request came to.
 */
export function publicOrigin({ PUBLIC_URL }: Pick<Env, "PUBLIC_URL">, requestUrl: string): string {
  const given = PUBLIC_URL === undefined || PUBLIC_URL === "" ? null : URL.parse(PUBLIC_URL);
  return given !== null && /^https?:$/.test(given.protocol) ? given.origin : originOf(requestUrl);
}
