import * as z from "zod";
import { runRead, together } from "../../platform/read-batch.ts";
import { judgeEnd } from "../../settings/credential-end.ts";
import { selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { type SettingRecord, selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { selectTokens, type TokenRecord } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { newNonce } from "../form-nonce.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { leadToSecret, nonceOf } from "../show-secret-once.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { ErrorSummary, Hidden, Input, Submit } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, Table } from "../views/list.tsx";
import { formatDay, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { ClientCard, ClientForm, TrustCard, TrustForm } from "./client-cards.tsx";
import { mintFormToken, publishFormToken } from "./form-token.ts";
import { readFresh } from "./read-fresh-secret.ts";
import { Secrets } from "./setup-page.tsx";

interface Ids {
  companyId: string;
  settingId: string;
}

/** The day on which a credential of a kind ends, as the time of its end (ms); null for none. */
export function lastDayOf(kind: Parameters<typeof judgeEnd>[0]) {
  return z
    .string()
    .trim()
    .default("")
    .transform((day) => (day === "" ? null : Date.parse(`${day}T23:59:59Z`)))
    .superRefine((end, context) => {
      const fault = end === null ? null : judgeEnd(kind, end, Date.now());
      if (fault !== null) context.addIssue({ code: "custom", message: `Choose a day ${fault}.` });
    });
}

/** The form that makes a token: an optional day on which it ends. */
const tokenForm = z.object({ nonce: z.string().optional(), until: lastDayOf("token") });

interface State {
  /** The form that the values and errors are of. */
  form?: "token" | "client" | "trust";
  values?: Values;
  errors?: Errors;
}

/** All credentials of a setting, of the three kinds, and the forms for others. */
export async function showTokens(c: ConsoleContext, state: State = {}) {
  const { form = "token", values = {}, errors = {} } = state;
  const { company, session } = c.var;
  const ids = { companyId: company.id, settingId: c.req.param("settingId") ?? "" };
  const { setting, ...credentials } = await readCredentials(c, ids.settingId);
  if (setting === null) throw notHere();
  const fresh = await readFresh(c, setting);
  const filled: Filled = (name) => (name === form ? { ids, values, errors } : { ids, values: {}, errors: {} });
  return c.html(
    <Page
      title="Credentials"
      company={company}
      session={session}
      section="settings"
      crumbs={[
        { label: "SCIM settings", url: href("settings", { companyId: company.id }) },
        { label: setting.name, url: href("setting", ids) },
      ]}
      lead="Several can live at once: make a second, put it into the provider, watch its last use, then end the first. No request fails in between."
      notice={<DoneNotice done={c.req.query("done")} />}
    >
      <div class="stack">
        <Secrets fresh={fresh} />
        <div class="columns late">
          <Tokens {...credentials} ids={ids} filled={filled} />
          <Others {...credentials} ids={ids} filled={filled} />
        </div>
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function readCredentials(c: ConsoleContext, settingId: string) {
  const { company, database } = c.var;
  const key = settingKeyOf(company.key, settingId);
  const all = { take: 200, after: null };
  return runRead(
    database,
    together({
      setting: selectSetting(company.key, settingId),
      tokens: selectTokens(key, all),
      clients: selectClients(key, all),
      trusts: selectTrusts(key, all),
    }),
  );
}

/** What a form is filled with: as it was sent, or empty. */
type Filled = (name: State["form"]) => TokenFormProps;
type CredentialsProps = Omit<Awaited<ReturnType<typeof readCredentials>>, "setting"> & { ids: Ids; filled: Filled };

const isLive = ({ revokedAt }: { revokedAt: number | null }) => revokedAt === null;

function Tokens({ ids, tokens, clients, trusts, filled }: CredentialsProps) {
  return (
    <div class="stack">
      <h2>Tokens</h2>
      <section class="card flush" aria-label="Tokens of this setting">
        <TokenTable
          ids={ids}
          tokens={[...tokens].sort((a, b) => b.createdAt - a.createdAt)}
          isManaged
          isOneOfSeveral={clients.some(isLive) || trusts.some(isLive)}
        />
      </section>
      <TokenForm {...filled("token")} />
    </div>
  );
}

function Others({ ids, clients, trusts, filled }: CredentialsProps) {
  return (
    <div class="stack">
      <h2>Clients</h2>
      <p class="soft">OAuth client credentials: the provider gets an access token for an id and a secret each hour.</p>
      {clients.filter(isLive).map((client) => (
        <ClientCard ids={ids} client={client} />
      ))}
      <ClientForm {...filled("client")} />
      <h2>Trusts</h2>
      <p class="soft">
        Workload identity federation: no secret at all. The provider signs in with what its own issuer signs.
      </p>
      {trusts.filter(isLive).map((trust) => (
        <TrustCard ids={ids} trust={trust} />
      ))}
      <TrustForm {...filled("trust")} />
    </div>
  );
}

interface TokenFormProps {
  ids: Ids;
  values: Values;
  errors: Errors;
}

function TokenForm({ ids, values, errors }: TokenFormProps) {
  return (
    <form class="card stack" method="post" action={href("tokens", ids)}>
      <h3>Make another token</h3>
      <ErrorSummary errors={errors} />
      <Hidden values={{ nonce: newNonce() }} />
      <Input
        name="until"
        label="Last day (optional)"
        type="date"
        values={values}
        errors={errors}
        hint="Without a day it lives until it is revoked, which is what identity providers expect."
      />
      <Submit label="Make token" />
    </form>
  );
}

/** Makes a token from the form and leads to the page that shows it, once. */
export async function createToken(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, tokenForm);
  if (!form.ok) return showTokens(c, form);
  const { until: expiresAt } = form.data;
  const nonce = nonceOf(form.data.nonce);
  const token = await mintFormToken(c, setting.id, nonce);
  const result = await attempt(
    c,
    { kind: "createToken", settingId: setting.id, token: { id: token.id, lastFour: token.lastFour, expiresAt } },
    setting,
  );
  if (!result.ok) return showTokens(c, { values: form.values, errors: { "": result.detail } });
  const url = href("tokens", { companyId: c.var.company.id, settingId: setting.id });
  if (!(await publishFormToken(c, setting, token))) return c.redirect(url, 303);
  return leadToSecret(c, url, { kind: "token", of: setting.id, nonce });
}

/** Tokens with their use; with `isManaged` each live one can be revoked. */
export function TokenTable({
  ids,
  tokens,
  isManaged = false,
  isOneOfSeveral = false,
}: {
  ids: Ids;
  tokens: readonly TokenRecord[];
  isManaged?: boolean;
  /** Whether there are clients or trusts besides. */
  isOneOfSeveral?: boolean;
}) {
  if (tokens.length === 0)
    return <p class="pager">{isOneOfSeveral ? "No token." : "No token: nothing can connect until you make one."}</p>;
  return <Table caption="Tokens" columns={isManaged ? [...COLUMNS, revocationOf(ids)] : COLUMNS} rows={tokens} />;
}

const COLUMNS: readonly Column<TokenRecord>[] = [
  { head: "Ends in", namesRow: true, cell: ({ lastFour }) => <span class="mono">{`…${lastFour}`}</span> },
  { head: "Status", cell: (token) => <TokenStatus token={token} /> },
  { head: "Made", look: "wide", cell: ({ createdAt }) => <Moment time={createdAt} /> },
  { head: "Last use", cell: ({ lastUsedAt }) => <Moment time={lastUsedAt} none="never" /> },
];

function revocationOf(ids: Ids): Column<TokenRecord> {
  return {
    head: "Action",
    look: "number",
    cell: (token) => token.revokedAt === null && <Revoke ids={ids} token={token} />,
  };
}

function Revoke({ ids, token }: { ids: Ids; token: TokenRecord }) {
  return (
    <a
      class="button plain danger"
      href={href("revokeToken", { ...ids, tokenId: token.id })}
      aria-label={`Revoke the token ending in ${token.lastFour}`}
    >
      Revoke
    </a>
  );
}

function TokenStatus({ token }: { token: TokenRecord }) {
  if (token.revokedAt !== null) return <Pill>Revoked</Pill>;
  if (token.expiresAt === null) return <Pill tone="good">Live</Pill>;
  if (token.expiresAt <= Date.now()) return <Pill tone="bad">Expired</Pill>;
  return <Pill tone="warn">{`Until ${formatDay(token.expiresAt)}`}</Pill>;
}
