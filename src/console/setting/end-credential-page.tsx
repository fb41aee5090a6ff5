import { guideOf } from "../../providers/guides.ts";
import { isLiveSecret } from "../../settings/oauth-client.ts";
import type { ClientRecord, TrustRecord } from "../../settings/oauth-client-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { TokenRecord } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";

/** All that can sign in to a setting, of the three kinds. */
interface Credentials {
  tokens: readonly TokenRecord[];
  clients: readonly ClientRecord[];
  trusts: readonly TrustRecord[];
}

/** A credential that is about to end. */
interface Ending {
  /** The page's title, as a question. */
  title: string;
  /** What follows from it, besides what it was used for. */
  lead: string;
  /** The label of the button that does it. */
  label: string;
  /** When it was last used (ms); null for never. */
  lastUsedAt: number | null;
  /** The ids of what ends: of a client, those of its secrets. */
  ids: readonly string[];
}

/** How many credentials of each kind can sign in at a time (ms) besides those that end. */
function countOthers({ tokens, clients, trusts }: Credentials, ids: readonly string[], now: number) {
  const stays = (each: { id: string; revokedAt: number | null; expiresAt?: number | null }) =>
    !ids.includes(each.id) && each.revokedAt === null && (each.expiresAt ?? Number.POSITIVE_INFINITY) > now;
  const secrets = clients
    .filter(({ revokedAt }) => revokedAt === null)
    .flatMap((client) => client.secrets.filter((secret) => isLiveSecret(secret, now)));
  return {
    tokens: tokens.filter(stays).length,
    secrets: secrets.filter(stays).length,
    trusts: trusts.filter(stays).length,
  };
}

/** Asks before a credential ends: says when it was last used, by whom, and whether anything else lives. */
export function askEnd(c: ConsoleContext, setting: SettingRecord, credentials: Credentials, ending: Ending) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.html(
    <SettingFrame c={c} setting={setting} title={ending.title} lead={ending.lead}>
      <form class="card stack" method="post">
        <LastUse setting={setting} time={ending.lastUsedAt} />
        <Others setting={setting} others={countOthers(credentials, ending.ids, Date.now())} />
        <FormEnd cancel={href("tokens", ids)} label={ending.label} isDanger />
      </form>
    </SettingFrame>,
  );
}

function LastUse({ setting, time }: { setting: SettingRecord; time: number | null }) {
  if (time === null) return <p>It has never been used.</p>;
  return (
    <p>
      Last used <Moment time={time} />, on <Moment time={time} exact />
      {`, by ${guideOf(setting.provider).name}.`}
    </p>
  );
}

/** The people of a setting whom nothing can keep up to date any more, or what still can. */
function Others({ setting, others }: { setting: SettingRecord; others: ReturnType<typeof countOthers> }) {
  const { tokens, secrets, trusts } = others;
  const count = tokens + secrets + trusts;
  if (count === 0) {
    const people = setting.users.active + setting.users.inactive;
    const frozen = people === 0 ? "" : ` Until then ${countOf(people, "person stays", "people stay")} as they are now.`;
    return (
      <Notice tone="warn">
        <strong>No other credential lives.</strong>
        {` Every request of ${guideOf(setting.provider).name} is refused until you make another and put it in there.${frozen}`}
      </Notice>
    );
  }
  const kinds = [
    ...(tokens > 0 ? [countOf(tokens, "token")] : []),
    ...(secrets > 0 ? [countOf(secrets, "client secret")] : []),
    ...(trusts > 0 ? [countOf(trusts, "trust")] : []),
  ];
  return <p>{`${countOf(count, "other credential lives", "other credentials live")} on: ${kinds.join(", ")}.`}</p>;
}
