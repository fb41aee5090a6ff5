import { systemClock } from "../../platform/clock.ts";
import { isLiveSecret } from "../../settings/oauth-client.ts";
import type { ClientRecord, TrustRecord } from "../../settings/oauth-client-store.ts";
import { href } from "../routes.ts";
import { countOf } from "../views/moments-and-counts.tsx";
import type { Ids } from "./client-cards.tsx";
import { TokenTable } from "./tokens-page.tsx";

interface CredentialsProps {
  ids: Ids;
  tokens: Parameters<typeof TokenTable>[0]["tokens"];
  others: { clients: readonly ClientRecord[]; trusts: readonly TrustRecord[] };
}

/** What can sign in to a setting, on its own page. */
export function CredentialsCard({ ids, tokens, others }: CredentialsProps) {
  const isLive = ({ revokedAt }: { revokedAt: number | null }) => revokedAt === null;
  const live = tokens.filter(isLive);
  const now = systemClock();
  const trusts = others.trusts.filter(isLive);
  // A client whose secrets have all ended can do nothing.
  const clients = others.clients.filter(
    (client) => isLive(client) && client.secrets.some((secret) => isLiveSecret(secret, now)),
  );
  const isOther = clients.length + trusts.length > 0;
  return (
    <section class="card flush" aria-labelledby="tokens-title">
      <div class="row between">
        <h2 id="tokens-title">Credentials</h2>
        <a href={href("tokens", ids)}>Make, rotate and revoke</a>
      </div>
      {(live.length > 0 || !isOther) && <TokenTable ids={ids} tokens={live} />}
      {isOther && (
        <p class="pager">{`${countOf(clients.length, "client")} and ${countOf(trusts.length, "trust")} can sign in.`}</p>
      )}
    </section>
  );
}
