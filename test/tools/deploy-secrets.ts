import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";

/** The secrets without which Rollcall's doors stay closed, and what each is for. */
export const SECRETS = {
  OPERATOR_KEY: "the key of the management API and of the operator's console",
  SESSION_SECRET: "what signs console sessions and seals tokens and webhook secrets",
} as const;
export type SecretName = keyof typeof SECRETS;

const NAMES = ["OPERATOR_KEY", "SESSION_SECRET"] as const satisfies readonly SecretName[];
const kept = z.object({ OPERATOR_KEY: z.string().optional(), SESSION_SECRET: z.string().optional() });

/** Secrets by their names. */
export type Secrets = z.output<typeof kept>;

/** The secrets that a Worker with these lacks. */
export function missingSecrets(present: readonly string[]): SecretName[] {
  return NAMES.filter((name) => !present.includes(name));
}

/** The secrets that an earlier deployment from this folder made; none when there was none. */
export function readSecrets(file: string): Secrets {
  return existsSync(file) ? kept.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}

/**
 * Gives the secrets of these names, each of 32 random bytes, and keeps them in a file that its owner alone can read, before
 * anybody else is told of them. One that the file has already is given again, so that a deployment that failed can be repeated.
 */
export function ensureSecrets(file: string, names: readonly SecretName[]): Secrets {
  const before = readSecrets(file);
  const made = names.filter((name) => before[name] === undefined);
  const all = { ...before, ...Object.fromEntries(made.map((name) => [name, randomBytes(32).toString("base64url")])) };
  if (made.length > 0) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
