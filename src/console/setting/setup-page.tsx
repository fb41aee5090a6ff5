import { publicOrigin } from "../../platform/public-origin.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { Guide, SignInWay } from "../../providers/guide.ts";
import { guideOf } from "../../providers/guides.ts";
import { clientIdOf } from "../../settings/oauth-client.ts";
import { selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { type SettingRecord, selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { tenantUrl, tokenEndpoint } from "../../settings/tenant-url.ts";
import { selectTokens } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { type Ids, SecretCard, TrustForm } from "./client-cards.tsx";
import { GuideView } from "./guide-view.tsx";
import { LiveStatus } from "./live-status.tsx";
import { ShadowNotice } from "./shadow-words.tsx";
import { type Fresh, readFresh } from "./shown-secret.ts";
import { WAY_WORDS, wayOf } from "./sign-in-way.ts";

/** A setting and what signs in to it, read in one moment. */
async function readSetup(c: ConsoleContext, settingId: string) {
  const { company, database } = c.var;
  const key = settingKeyOf(company.key, settingId);
  const all = { take: 200, after: null };
  const read = {
    setting: selectSetting(company.key, settingId),
    tokens: selectTokens(key, all),
    clients: selectClients(key, all),
    trusts: selectTrusts(key, all),
  };
  const { setting, ...credentials } = await runRead(database, together(read));
  if (setting === null) throw notHere();
  return { setting, ...credentials };
}

/** Whether something was not ended. */
const isLive = ({ revokedAt }: { revokedAt: number | null }) => revokedAt === null;

/**
 * The page that connects a provider: tenant URL, guide, live line; and, only where the form that made it led here, the token
 * or the client's secret. That is in no URL, no cookie and no store: it is made anew from the form's nonce, once.
 */
export async function showSetup(c: ConsoleContext, settingId: string) {
  const { setting, tokens, clients, trusts } = await readSetup(c, settingId);
  const fresh = await readFresh(c, setting);
  const ids = { companyId: c.var.company.id, settingId };
  const origin = publicOrigin(c.env, c.req.url);
  const url = tenantUrl(origin);
  const guide = guideOf(setting.provider);
  const [client, trust] = [clients.filter(isLive).at(-1), trusts.filter(isLive).at(-1)];
  const live = { token: tokens.some(isLive), client: client !== undefined, federation: trust !== undefined };
  const way = wayOf(guide, c.req.query("signIn"), live);
  const known = way === "federation" ? trust : client;
  const { token = null, secret } = fresh;
  const clientId = secret?.clientId ?? (known === undefined ? null : clientIdOf(known.id));
  const values = {
    tenantUrl: url,
    tokenEndpoint: tokenEndpoint(origin),
    token,
    clientId,
    clientSecret: secret?.text ?? null,
  };
  return c.html(
    <Page
      title={titleOf(setting, fresh)}
      company={c.var.company}
      session={c.var.session}
      section="settings"
      crumbs={[
        { label: "SCIM settings", url: href("settings", { companyId: ids.companyId }) },
        { label: setting.name, url: href("setting", ids) },
      ]}
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <ShadowNotice companyId={ids.companyId} setting={setting} />
        </>
      }
      narrow
    >
      <div class="stack loose">
        {token !== null && <TokenCard token={token} />}
        {secret !== undefined && <SecretCard fresh={secret} />}
        <Ways ids={ids} guide={guide} way={way} />
        {way === "federation" && trust === undefined && <TrustForm ids={ids} values={{}} errors={{}} />}
        <section class="card stack tight" aria-label="Tenant URL">
          <h2>Tenant URL</h2>
          <p class="hint">
            The same for all settings of this Rollcall; the credential says which setting a request belongs to.
          </p>
          <Copyable id="tenant-url" text={url} label="tenant URL" />
        </section>
        <LiveCard ids={ids} setting={setting} />
        <GuideView guide={guide} way={way} values={values} />
      </div>
    </Page>,
  );
}

function titleOf({ name }: SettingRecord, { token, secret }: Fresh): string {
  if (token !== undefined) return "Copy the token, then connect";
  return secret === undefined ? `Connect ${name}` : "Copy the secret, then connect";
}

/** The ways in which this provider can sign in, the recommended one first. */
function Ways({ ids, guide, way }: { ids: Ids; guide: Guide; way: SignInWay }) {
  if (guide.signIn.length === 1) return null;
  return (
    <section class="card stack tight" aria-labelledby="way-title">
      <h2 id="way-title">How it signs in</h2>
      <nav class="tabs" aria-label="Ways of signing in">
        {guide.signIn.map((each) => (
          <a href={href("setup", ids, { signIn: each })} aria-current={each === way ? "true" : undefined}>
            {WAY_WORDS[each].title}
          </a>
        ))}
      </nav>
      <p class="hint">
        {WAY_WORDS[way].hint} <a href={href("tokens", ids)}>Credentials of this setting</a>
      </p>
    </section>
  );
}

/** A secret that is shown this once. */
export function TokenCard({ token }: { token: string }) {
  return (
    <section class="token stack tight" aria-label="Secret token">
      <h2>Secret token</h2>
      <p>Copy it now: it is shown only this once. Only a fingerprint of it is kept; if it is lost, make another.</p>
      <Copyable id="secret-token" text={token} label="secret token" />
    </section>
  );
}

/** The live line with its own place to be refreshed in. */
export function LiveCard({ ids, setting }: { ids: { companyId: string; settingId: string }; setting: SettingRecord }) {
  return (
    <section class="card stack" aria-labelledby="live-title">
      <div class="row between">
        <h2 id="live-title">Connection</h2>
        <a class="small" href={href("setup", ids)}>
          Refresh
        </a>
      </div>
      <div data-live={href("live", ids)} aria-live="polite">
        <LiveStatus setting={setting} />
      </div>
    </section>
  );
}
