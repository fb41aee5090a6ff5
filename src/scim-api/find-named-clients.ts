import { textsClaimed } from "../settings/client-assertion.ts";
import { parseClientId } from "../settings/oauth-client.ts";
import { basicPair, type TokenRequest } from "./oauth-token-request.ts";

/** So many clients are looked up for one refused request at most. */
const MOST_NAMED = 2;

/**
 * The ids of the clients that a token request names, whether or not it is one that can be read: in a Basic header, in a form
 * or a query, in the claims of an assertion, or anywhere else in the body. The one that counts first comes first.
 */
export function namedClients({ authorization, query, body }: TokenRequest): string[] {
  const form = new URLSearchParams(body);
  const texts = [
    ...(basicPair(authorization)?.slice(0, 1) ?? []),
    ...[form, query].flatMap((parameters) => parameters.getAll("client_id")),
    ...form.getAll("client_assertion").flatMap(textsClaimed),
    ...(body.match(/rcc_[0-9a-f]{24}/g) ?? []),
  ];
  const ids = texts.map((text) => parseClientId(text.trim())).filter((id) => id !== null);
  return [...new Set(ids)].slice(0, MOST_NAMED);
}
