import { columnsOf } from "../platform/columns.ts";
import { type Database, openDatabases } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { SettingStatus } from "./setting.ts";
import { oauthClients, oauthTrusts, tokens } from "./tables.ts";

const CLIENT = columnsOf(oauthClients, "o", ["id", "name", "createdAt", "revokedAt"]);
const SECRET = columnsOf(tokens, "t", ["id", "lastFour", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"]);
const OF_CLIENT = columnsOf(tokens, "t", ["clientId"]);
const LIFE = columnsOf(tokens, "t", ["id", "createdAt", "lastUsedAt", "revokedAt"]);
const TERMS = columnsOf(oauthTrusts, "o", ["issuer", "subject", "audience", "jwksUrl"]);
const KEPT_SECRET = columnsOf(tokens, "t", ["id", "clientId", "secretHash", "expiresAt", "revokedAt"]);

/** A secret of a client, without the secret; times in milliseconds. */
export type ClientSecretRecord = ReturnType<typeof SECRET.read>;

/** A client with its secrets, the oldest first; times in milliseconds. */
export interface ClientRecord extends ReturnType<typeof CLIENT.read> {
  secrets: ClientSecretRecord[];
}

/** A trust; times in milliseconds. */
export type TrustRecord = ReturnType<typeof LIFE.read> & ReturnType<typeof TERMS.read>;

interface Page {
  take: number;
  after: string | null;
}

/** Reads up to `take` clients of a setting by id, live and revoked, after the one with id `after`. */
export function selectClients(settingKey: number | Sql, { take, after }: Page): Read<ClientRecord[]> {
  const page = sql`FROM oauth_clients o WHERE o.setting_key = ${settingKey} AND o.id > ${after ?? ""} ORDER BY o.id LIMIT ${take}`;
  return withSecrets(settingKey, page);
}

/** Reads one client of a setting, or null. */
export function selectClient(settingKey: number, id: string): Read<ClientRecord | null> {
  const read = withSecrets(settingKey, sql`FROM oauth_clients o WHERE o.setting_key = ${settingKey} AND o.id = ${id}`);
  return { ...read, decode: (results) => read.decode(results)[0] ?? null };
}

/** Clients that a piece of SQL selects, with their secrets. */
function withSecrets(settingKey: number | Sql, from: Sql): Read<ClientRecord[]> {
  const read = together({
    clients: selectAll(sql`SELECT ${CLIENT.list} ${from}`, CLIENT.read),
    secrets: selectAll(
      sql`SELECT ${SECRET.list}, ${OF_CLIENT.list} FROM tokens t WHERE t.setting_key = ${settingKey} AND t.kind = 'secret'
        AND t.client_id IN (SELECT o.id ${from}) ORDER BY t.created_at, t.id`,
      (row) => ({ secret: SECRET.read(row), clientId: OF_CLIENT.read(row).clientId }),
    ),
  });
  return {
    ...read,
    decode: (results) => {
      const { clients, secrets } = read.decode(results);
      const ofClient = (id: string) => secrets.filter(({ clientId }) => clientId === id).map(({ secret }) => secret);
      return clients.map((client) => ({ ...client, secrets: ofClient(client.id) }));
    },
  };
}

/** Reads up to `take` trusts of a setting by id, live and revoked, after the one with id `after`. */
export function selectTrusts(settingKey: number | Sql, { take, after }: Page): Read<TrustRecord[]> {
  return selectAll(
    sql`${TRUSTS} WHERE t.setting_key = ${settingKey} AND t.kind = 'trust' AND t.id > ${after ?? ""} ORDER BY t.id LIMIT ${take}`,
    toTrust,
  );
}

/** Reads one trust of a setting, or null. */
export function selectTrust(settingKey: number, id: string): Read<TrustRecord | null> {
  return selectFirst(sql`${TRUSTS} WHERE t.setting_key = ${settingKey} AND t.kind = 'trust' AND t.id = ${id}`, toTrust);
}

const TRUSTS = sql`SELECT ${LIFE.list}, ${TERMS.list} FROM tokens t
  JOIN oauth_trusts o ON o.setting_key = t.setting_key AND o.id = t.id`;

function toTrust(row: unknown): TrustRecord {
  return { ...LIFE.read(row), ...TERMS.read(row) };
}

/** Whose a client or a trust is. */
export interface Place {
  companyId: string;
  companyKey: number;
  shard: string;
  settingId: string;
  settingKey: number;
  settingStatus: SettingStatus;
}

/** What D1 holds under an id that an identity provider signs in with. */
export type SignIn =
  | { kind: "client"; place: Place; revokedAt: number | null; secret: ReturnType<typeof KEPT_SECRET.read> | null }
  | { kind: "trust"; place: Place; revokedAt: number | null; terms: ReturnType<typeof TERMS.read> };

const PLACE = sql`c.id AS companyId, c.company_key AS companyKey, c.shard, s.id AS settingId, s.setting_key AS settingKey,
  s.status AS settingStatus`;
const OWNERS = sql`JOIN companies c ON c.company_key = s.company_key AND c.deleted_at IS NULL`;

/** The client or trust of an id, wherever it is, with the client's secret of `secretId`; null when there is none. */
export async function findSignIn(env: Env, id: string, secretId: string | null): Promise<SignIn | null> {
  const found = await Promise.all(openDatabases(env).map((database) => findIn(database, id, secretId)));
  return found.find((one) => one !== null) ?? null;
}

function findIn(database: Database, id: string, secretId: string | null): Promise<SignIn | null> {
  // Each statement selects the place first.
  const toPlace = (row: unknown) => {
    const { companyId, companyKey, shard, settingId, settingKey, settingStatus } = row as Place;
    return { companyId, companyKey, shard, settingId, settingKey, settingStatus };
  };
  const read = together({
    client: selectFirst(
      sql`SELECT ${PLACE}, ${CLIENT.list} FROM oauth_clients o CROSS JOIN scim_settings s ON s.setting_key = o.setting_key
        ${OWNERS} WHERE o.id = ${id}`,
      (row) => ({ place: toPlace(row), revokedAt: CLIENT.read(row).revokedAt }),
    ),
    secret: selectFirst(
      sql`SELECT ${KEPT_SECRET.list} FROM tokens t WHERE t.id = ${secretId ?? ""} AND t.kind = 'secret' AND t.client_id = ${id}`,
      KEPT_SECRET.read,
    ),
    trust: selectFirst(
      sql`SELECT ${PLACE}, ${LIFE.list}, ${TERMS.list} FROM tokens t
        CROSS JOIN oauth_trusts o ON o.setting_key = t.setting_key AND o.id = t.id
        CROSS JOIN scim_settings s ON s.setting_key = t.setting_key ${OWNERS} WHERE t.id = ${id} AND t.kind = 'trust'`,
      (row) => ({ place: toPlace(row), revokedAt: LIFE.read(row).revokedAt, terms: TERMS.read(row) }),
    ),
  });
  return runRead(database, read).then(({ client, secret, trust }): SignIn | null => {
    if (client !== null) return { kind: "client", ...client, secret };
    return trust === null ? null : { kind: "trust", ...trust };
  });
}
