import { clientIdOf, isLiveSecret, isSuperseded } from "../../settings/oauth-client.ts";
import type { ClientRecord, ClientSecretRecord, TrustRecord } from "../../settings/oauth-client-store.ts";
import { newNonce } from "../form-nonce.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { ErrorSummary, Hidden, Input, Submit } from "../views/form.tsx";
import { type Column, Table } from "../views/list.tsx";
import { formatDay, Moment } from "../views/moments-and-counts.tsx";
import { Copyable, Notice, Pill } from "../views/pills-notices-pager.tsx";

/** Whose credentials a card shows. */
export interface Ids {
  companyId: string;
  settingId: string;
}

/** A client's secret that is shown this once. */
export interface FreshSecret {
  clientId: string;
  text: string;
}

interface FormProps {
  ids: Ids;
  values: Values;
  errors: Errors;
}

/** A client id and a secret, shown this once. */
export function SecretCard({ fresh }: { fresh: FreshSecret }) {
  return (
    <section class="token stack tight" aria-label="Client secret">
      <h2>Client secret</h2>
      <p>Copy it now: it is shown only this once. Only a fingerprint of it is kept; if it is lost, make another.</p>
      <p class="label">Client id</p>
      <Copyable id="fresh-client-id" text={fresh.clientId} label="client id" />
      <p class="label">Client secret</p>
      <Copyable id="client-secret" text={fresh.text} label="client secret" />
    </section>
  );
}

/** A client that is there, with its secrets and what can be done with them. */
export function ClientCard({ ids, client }: { ids: Ids; client: ClientRecord }) {
  const clientId = clientIdOf(client.id);
  const now = Date.now();
  const superseded = client.secrets.filter((secret) => isSuperseded(secret, client.secrets, now));
  const columns = secretColumns({ ...ids, clientId: client.id }, now);
  return (
    <section class="stack tight" aria-label={`Client ${client.name}`}>
      <div class="card stack tight">
        <h3>{client.name}</h3>
        <Copyable id={`client-${client.id}`} text={clientId} label={`client id of ${client.name}`} />
        {superseded.map(({ lastFour }) => (
          <Notice tone="warn">{`A newer secret has been used: delete the old one, which ends in ${lastFour}.`}</Notice>
        ))}
        <div class="row">
          <form method="post" action={href("clientSecrets", { ...ids, clientId: client.id })}>
            <Hidden values={{ nonce: newNonce() }} />
            <button type="submit" aria-label={`Make another secret of ${client.name}`}>
              Make another secret
            </button>
          </form>
          <a
            class="button plain danger"
            href={href("endClient", { ...ids, clientId: client.id })}
            aria-label={`Delete client ${client.name}`}
          >
            Delete client
          </a>
        </div>
      </div>
      <div class="card flush">
        {client.secrets.length === 0 ? (
          <p class="pager">No secret: this client cannot sign in.</p>
        ) : (
          <Table caption={`Secrets of ${client.name}`} columns={columns} rows={client.secrets} />
        )}
      </div>
    </section>
  );
}

function secretColumns(ids: Ids & { clientId: string }, now: number): Column<ClientSecretRecord>[] {
  return [
    { head: "Ends in", namesRow: true, cell: ({ lastFour }) => <span class="mono">{`…${lastFour}`}</span> },
    { head: "Status", cell: (secret) => <SecretStatus secret={secret} now={now} /> },
    { head: "Made", look: "wide", cell: ({ createdAt }) => <Moment time={createdAt} /> },
    { head: "Last use", cell: ({ lastUsedAt }) => <Moment time={lastUsedAt} none="never" /> },
    {
      head: "Action",
      look: "number",
      cell: ({ id, lastFour, revokedAt }) =>
        revokedAt === null && (
          <a
            class="button plain danger"
            href={href("endSecret", { ...ids, secretId: id })}
            aria-label={`Delete the secret ending in ${lastFour}`}
          >
            Delete
          </a>
        ),
    },
  ];
}

function SecretStatus({ secret, now }: { secret: ClientSecretRecord; now: number }) {
  if (secret.revokedAt !== null) return <Pill>Deleted</Pill>;
  if (!isLiveSecret(secret, now)) return <Pill tone="bad">Ended</Pill>;
  return (
    <>
      <Pill tone="good">Live</Pill>
      {secret.expiresAt !== null && <span class="small soft">{` until ${formatDay(secret.expiresAt)}`}</span>}
    </>
  );
}

/** The form that makes a client with its first secret. */
export function ClientForm({ ids, values, errors }: FormProps) {
  return (
    <form class="card stack" method="post" action={href("clients", ids)}>
      <h3>Make a client</h3>
      <ErrorSummary errors={errors} />
      <Hidden values={{ nonce: newNonce() }} />
      <Input
        name="clientName"
        label="Name (optional)"
        values={values}
        errors={errors}
        maxlength={200}
        autocomplete="off"
      />
      <Input
        name="clientUntil"
        label="Last day of its first secret (optional)"
        type="date"
        values={values}
        errors={errors}
        hint="Without a day it ends in two years. Make the next one before, and both work meanwhile."
      />
      <Submit label="Make client" />
    </form>
  );
}

/** A trust that is there, with the terms by which it signs in. */
export function TrustCard({ ids, trust }: { ids: Ids; trust: TrustRecord }) {
  const clientId = clientIdOf(trust.id);
  return (
    <section class="card stack tight" aria-label={`Trust ${clientId}`}>
      <Copyable id={`trust-${trust.id}`} text={clientId} label="client id of this trust" />
      <dl class="facts">
        <dt>Issuer</dt>
        <dd>{trust.issuer}</dd>
        <dt>Subject</dt>
        <dd>{trust.subject}</dd>
        <dt>Audience</dt>
        <dd>{trust.audience}</dd>
        <dt>Last use</dt>
        <dd>
          <Moment time={trust.lastUsedAt} none="never" />
        </dd>
      </dl>
      <p>
        <a
          class="button plain danger"
          href={href("endTrust", { ...ids, trustId: trust.id })}
          aria-label={`Delete trust ${clientId}`}
        >
          Delete trust
        </a>
      </p>
    </section>
  );
}

/** The form that makes a trust of what Entra shows. */
export function TrustForm({ ids, values, errors }: FormProps) {
  const claim = { values, errors, maxlength: 500, autocomplete: "off", mono: true };
  return (
    <form class="card stack" method="post" action={href("trusts", ids)}>
      <h3>Make a trust</h3>
      <p class="hint">Copy these from the identity provider, which shows them beside the workload identity.</p>
      <ErrorSummary errors={errors} />
      <Input name="issuer" label="Issuer" hint="https://login.microsoftonline.com/…/v2.0" {...claim} />
      <Input name="jwksUrl" label="JWKS URL (optional)" hint="Left empty, it follows from the issuer." {...claim} />
      <Input name="subject" label="Subject" {...claim} />
      <Input name="audience" label="Audience" hint="With or without api:// and /.default: all are taken." {...claim} />
      <Submit label="Make trust" />
    </form>
  );
}
