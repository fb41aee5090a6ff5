import { DAY } from "../platform/clock.ts";
import { type AlertFacts, earliest, type Finding, type Verdict } from "./alert.ts";

/** From so long before its end on a credential is told (ms). */
const ENDING = 30 * DAY;
/** How long a new setting may be without any credential (ms): one that signs in by federation gets its trust later. */
const GRACE = DAY;

/** A credential of any kind; times in milliseconds. */
export interface CredentialFacts {
  id: string;
  kind: "token" | "secret" | "trust";
  lastFour: string;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
  /** Of a client's secret. */
  clientId: string | null;
}

/** A setting with all its credentials, live or not. */
interface SettingCredentials {
  key: number;
  status: string;
  createdAt: number;
  credentials: readonly CredentialFacts[];
}

/** Which credentials end within 30 days or have ended, and which live settings have none. */
export function judgeCredentials(settings: readonly SettingCredentials[], now: number): Verdict {
  const verdicts = settings.filter(({ status }) => status !== "deleted").map((setting) => judgeSetting(setting, now));
  return { found: verdicts.flatMap(({ found }) => found), nextAt: earliest(verdicts.map(({ nextAt }) => nextAt)) };
}

function judgeSetting(setting: SettingCredentials, now: number): Verdict {
  const ends = setting.credentials.map((credential) => judgeEnd(setting, credential, now));
  const none = judgeNone(setting, now);
  return {
    found: [...ends.flatMap(({ found }) => found), ...none.found],
    nextAt: earliest([...ends.map(({ nextAt }) => nextAt), none.nextAt]),
  };
}

function judgeEnd({ key, credentials }: SettingCredentials, credential: CredentialFacts, now: number): Verdict {
  const { expiresAt, revokedAt, id, kind, lastFour, clientId } = credential;
  if (expiresAt === null || revokedAt !== null || isReplaced(credential, credentials, now))
    return { found: [], nextAt: null };
  const since = expiresAt <= now ? expiresAt : Math.max(expiresAt - ENDING, credential.createdAt);
  if (since > now) return { found: [], nextAt: since };
  const facts: AlertFacts = { credential: kind, lastFour, expiresAt, ...(clientId !== null && { clientId }) };
  const about = { settingKey: key, subject: id, since, lastSeenAt: since, count: 1, facts };
  const isOver = expiresAt <= now;
  const finding: Finding = { kind: isOver ? "credential_ended" : "credential_ending", ...about };
  return { found: [finding], nextAt: isOver ? null : expiresAt };
}

/** Whether a younger credential of the setting, which still lives, has been used: then the provider has moved on. */
function isReplaced(credential: CredentialFacts, all: readonly CredentialFacts[], now: number): boolean {
  return all.some((other) => other.createdAt > credential.createdAt && other.lastUsedAt !== null && isLive(other, now));
}

function isLive({ revokedAt, expiresAt }: CredentialFacts, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function judgeNone({ key, status, createdAt, credentials }: SettingCredentials, now: number): Verdict {
  if (status === "paused" || credentials.some((credential) => isLive(credential, now)))
    return { found: [], nextAt: null };
  const ends = credentials.map(({ revokedAt, expiresAt }) => Math.min(revokedAt ?? now, expiresAt ?? now));
  const since = ends.length === 0 ? createdAt + GRACE : Math.max(...ends);
  if (since > now) return { found: [], nextAt: since };
  const about = { settingKey: key, subject: "", since, lastSeenAt: since, count: 1, facts: {} };
  return { found: [{ kind: "no_credential", ...about }], nextAt: null };
}
