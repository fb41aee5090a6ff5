import { publicOrigin } from "../../platform/public-origin.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { SignInWay } from "../../providers/guide.ts";
import { guideOf } from "../../providers/guides.ts";
import type { TailoredGuide } from "../../providers/tailor-guide.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import { clientIdOf } from "../../settings/oauth-client.ts";
import { selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { selectHealthFacts } from "../../settings/setting-health-store.ts";
import { type SettingRecord, selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { tenantUrl, tokenEndpoint } from "../../settings/tenant-url.ts";
import { selectTokens } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { Tabs } from "../views/tabs.tsx";
import { CheckCard, readCheck } from "./check-card.tsx";
import { type Ids, SecretCard, TrustForm } from "./client-cards.tsx";
import { describeGrouping } from "./grouping-form.tsx";
import { GuideRest, GuideSteps, type GuideValues } from "./guide-view.tsx";
import { type Fresh, readFresh } from "./read-fresh-secret.ts";
import { toValues } from "./setting-draft.ts";
import { judgeHealth, lacksCredential } from "./setting-health.ts";
import { ShadowNotice } from "./shadow-words.tsx";
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
    fields: selectFields(company.key),
    standings: selectHealthFacts(company.key, Date.now()),
  };
  const { setting, ...beside } = await runRead(database, together(read));
  if (setting === null) throw notHere();
  return { setting, ...beside };
}

type Setup = Awaited<ReturnType<typeof readSetup>>;

/** Whether something was not ended. */
const isLive = ({ revokedAt }: { revokedAt: number | null }) => revokedAt === null;

/**
 * The page that connects a provider: tenant URL, guide, check; and, only where the form that made it led here, the token
 * or the client's secret. That is in no URL, no cookie and no store: it is made anew from the form's nonce, once.
 */
export async function showSetup(c: ConsoleContext, settingId: string) {
  const setup = await readSetup(c, settingId);
  const { setting, fields } = setup;
  const fresh = await readFresh(c, setting);
  const ids = { companyId: c.var.company.id, settingId };
  const { way, values, mayTrust } = valuesOf(c, setup, fresh);
  const check = await readCheck(c, setting, fields, way);
  const { guide } = check;
  const isMute = lacksCredential(judgeHealth(setting, { ...setup, alerts: [], holds: [] }));
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
      lead={<Lead ids={ids} setting={setting} fields={fields} way={way} />}
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <ShadowNotice companyId={ids.companyId} setting={setting} />
        </>
      }
    >
      <div class="with-panel reading">
        <div class="stack">
          <Secrets fresh={fresh} />
          <Ways ids={ids} guide={guide} way={way} />
          {mayTrust && <TrustForm ids={ids} values={{}} errors={{}} />}
          <TenantUrl url={values.tenantUrl} />
          <GuideSteps guide={guide} values={values} />
        </div>
        <CheckCard companyId={ids.companyId} check={check} isMute={isMute} />
        <div class="stack">
          <ReadFields setting={setting} fields={fields} />
          <GuideRest guide={guide} />
        </div>
      </div>
    </Page>,
  );
}

/** What stands in the guide for what only this setting knows, and how it signs in. */
function valuesOf(c: ConsoleContext, { setting, tokens, clients, trusts }: Setup, { token, secret }: Fresh) {
  const origin = publicOrigin(c.env, c.req.url);
  const [client, trust] = [clients.filter(isLive).at(-1), trusts.filter(isLive).at(-1)];
  const live = { token: tokens.some(isLive), client: client !== undefined, federation: trust !== undefined };
  const way = wayOf(guideOf(setting.provider), c.req.query("signIn"), live);
  const known = way === "federation" ? trust : client;
  const values: GuideValues = {
    tenantUrl: tenantUrl(origin),
    tokenEndpoint: tokenEndpoint(origin),
    token: token ?? null,
    clientId: secret?.clientId ?? (known === undefined ? null : clientIdOf(known.id)),
    clientSecret: secret?.text ?? null,
  };
  return { way, values, mayTrust: way === "federation" && trust === undefined };
}

function titleOf({ name }: SettingRecord, { token, secret }: Fresh): string {
  if (token !== undefined) return "Copy the token, then connect";
  return secret === undefined ? `Connect ${name}` : "Copy the secret, then connect";
}

interface LeadProps {
  ids: Ids;
  setting: SettingRecord;
  fields: readonly Field[];
  way: SignInWay;
}

/** What the guide below was made for. */
function Lead({ ids, setting, fields, way }: LeadProps) {
  return (
    <>
      {`For ${guideOf(setting.provider).name}, signing in by ${WAY_WORDS[way].inWords}. ${describeGrouping(toValues(setting), fields)} `}
      <a href={href("grouping", ids)}>Change the grouping</a>
    </>
  );
}

/** A token or a client's secret that was just made, shown this once. */
export function Secrets({ fresh: { token, secret } }: { fresh: Fresh }) {
  return (
    <>
      {token !== undefined && <TokenCard token={token} />}
      {secret !== undefined && <SecretCard fresh={secret} />}
    </>
  );
}

/** The ways in which this provider can sign in, the recommended one first. */
function Ways({ ids, guide, way }: { ids: Ids; guide: TailoredGuide; way: SignInWay }) {
  if (guide.signIn.length === 1) return null;
  return (
    <section class="card stack tight" aria-labelledby="way-title">
      <h2 id="way-title">How it signs in</h2>
      <Tabs
        label="Ways of signing in"
        tabs={guide.signIn.map((each) => ({
          href: href("setup", ids, { signIn: each }),
          label: WAY_WORDS[each].title,
          isShown: each === way,
        }))}
      />
      <p class="hint">
        {WAY_WORDS[way].hint} <a href={href("tokens", ids)}>Credentials of this setting</a>
      </p>
    </section>
  );
}

function TenantUrl({ url }: { url: string }) {
  return (
    <section class="card stack tight" aria-label="Tenant URL">
      <h2>Tenant URL</h2>
      <p class="hint">
        The same for all settings of this Rollcall; the credential says which setting a request belongs to.
      </p>
      <Copyable id="tenant-url" text={url} label="tenant URL" />
    </section>
  );
}

/** Which SCIM attributes the provider has to fill for this setting. */
function ReadFields({ setting, fields }: { setting: SettingRecord; fields: readonly Field[] }) {
  const labels = new Map(fields.map(({ key, label }) => [key, label]));
  return (
    <section class="card stack tight" aria-labelledby="read-title">
      <h2 id="read-title">What this setting reads</h2>
      <p class="hint">Whatever the provider’s mapping puts at these paths is kept of each person.</p>
      <dl class="facts">
        {setting.mappings.map(({ field, path }) => (
          <>
            <dt>{labels.get(field) ?? field}</dt>
            <dd>
              <code>{path}</code>
              {field === setting.groupSettings.field && <span class="tag">people are grouped by it</span>}
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function TokenCard({ token }: { token: string }) {
  return (
    <section class="token stack tight" aria-label="Secret token">
      <h2>Secret token</h2>
      <p>Copy it now: it is shown only this once. Only a fingerprint of it is kept; if it is lost, make another.</p>
      <Copyable id="secret-token" text={token} label="secret token" />
    </section>
  );
}
