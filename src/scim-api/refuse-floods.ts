import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { ScimError } from "../scim/scim-error.ts";
import { authenticate, EndedAccessToken, type Identity, readTokenId } from "./authenticate.ts";
import { RefusedWrite } from "./refusal-answer.ts";
import type { DoorContext } from "./scim-context.ts";

const TOKEN_FLOODS = "This token sends too many requests. Nothing was changed; send the request again later.";
const ADDRESS_FLOODS = "Too many requests without a valid token came from this address. Wait, and check the token.";

/**
 * Authenticates a request behind the flood shield: 429 for a token, or an address without valid tokens, that sends too
 * much. A flooding request has no identity yet, so it leaves no row in the provisioning log and reaches no writer; one with a
 * token that is mistyped or cut leaves a row with the setting whose token its id names.
 */
export async function admit(c: DoorContext, header: string | undefined): Promise<Identity> {
  const identity = await authenticate(c.env, header, c.get("startedAt")).catch(async (error: unknown) => {
    if (!(error instanceof ScimError) || error.status !== 401) throw error;
    const key = shieldKeyOf(c.req.header("cf-connecting-ip"));
    if (await isFlooding(c.env.ADDRESS_SHIELD, key, c.req.url)) throw tooMany(ADDRESS_FLOODS);
    if (error.code === "unknown_token") c.set("mistyped", readTokenId(header));
    if (error instanceof EndedAccessToken) c.set("identity", error.identity);
    throw error;
  });
  if (await isFlooding(c.env.TOKEN_SHIELD, identity.tokenId, c.req.url)) throw tooMany(TOKEN_FLOODS);
  return identity;
}

function tooMany(detail: string): RefusedWrite {
  return new RefusedWrite({ code: "rate_limited", detail, retryAfter: SHIELD_SECONDS });
}
