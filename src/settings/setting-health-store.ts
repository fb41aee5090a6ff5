import { DAY } from "../platform/clock.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";

/** What a setting stands on. */
export interface HealthFacts {
  /** Whether anything can sign in to it. */
  hasCredential: boolean;
  /** When a write of it was accepted last (ms; null for never, and for not known). */
  lastAcceptedAt: number | null;
  /** For how many, or how often, writes were refused that are not made good and too few for an alert. */
  refused: number;
}

interface Selected {
  key: number;
  credentials: number;
  accepted: number | null;
  refused: number;
}

/** Reads at `now` (ms) what each setting of a company that is not deleted stands on, by their keys. */
export function selectHealthFacts(companyKey: number, now: number): Read<ReadonlyMap<number, HealthFacts>> {
  const statement = sql`SELECT s.setting_key AS key, s.traffic->>'accepted' AS accepted,
      EXISTS (SELECT 1 FROM tokens t WHERE t.setting_key = s.setting_key AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > ${now})) AS credentials,
      (SELECT count(*) FROM failing_writes f WHERE f.setting_key = s.setting_key AND NOT EXISTS (SELECT 1 FROM alerts a
        WHERE a.company_key = s.company_key AND a.closed_at IS NULL AND a.kind = 'failing'
          AND a.setting_key = s.setting_key AND a.subject = f.code)) AS refused
    FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.status <> 'deleted'`;
  const read = selectAll(statement, (row) => row as Selected); // the columns of the statement
  const standingOf = ({ key, credentials, accepted, refused }: Selected): [number, HealthFacts] => [
    key,
    { hasCredential: credentials === 1, lastAcceptedAt: accepted, refused },
  ];
  return { ...read, decode: (results) => new Map(read.decode(results).map(standingOf)) };
}

/** How long a setting may wait for what its admin does next (ms), before it wants a look. */
export const TIME_TO_BEGIN = 7 * DAY;

/** Settings of a company that send nothing: nothing can sign in to them, or an admin has paused them. */
export interface SilentSettings {
  mute: number;
  paused: number;
}

/**
 * Reads how many settings of each of some companies can or may send nothing at `now` (ms), by the companies' keys; not of those
 * made of late whose first credential is yet to be made.
 */
export function selectSilentSettings(
  companyKeys: readonly number[],
  now: number,
): Read<ReadonlyMap<number, SilentSettings>> {
  const statement = sql`SELECT s.company_key AS key, count(*) FILTER (WHERE s.status = 'paused') AS paused,
      count(*) FILTER (WHERE s.status <> 'paused' AND (s.created_at <= ${now - TIME_TO_BEGIN}
        OR EXISTS (SELECT 1 FROM tokens t WHERE t.setting_key = s.setting_key))
        AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.setting_key = s.setting_key AND t.revoked_at IS NULL
          AND (t.expires_at IS NULL OR t.expires_at > ${now}))) AS mute
    FROM json_each(${JSON.stringify(companyKeys)}) j
    CROSS JOIN scim_settings s ON s.company_key = j.value AND s.status <> 'deleted' GROUP BY 1`;
  const read = selectAll(statement, (row) => row as SilentSettings & { key: number }); // the columns of the statement
  return { ...read, decode: (results) => new Map(read.decode(results).map(({ key, ...silent }) => [key, silent])) };
}
