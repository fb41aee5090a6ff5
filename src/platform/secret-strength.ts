import type { Env } from "./env.ts";

/** A secret of fewer bytes than this is taken for one that can be guessed. */
export const LEAST_SECRET_BYTES = 32;

const encoder = new TextEncoder();

/** Whether a secret is set and has at least LEAST_SECRET_BYTES bytes. */
export function isStrongSecret(secret: string | undefined): boolean {
  return encoder.encode(secret ?? "").length >= LEAST_SECRET_BYTES;
}

/** The secrets without which doors stay closed. */
const SECRETS = ["OPERATOR_KEY", "SESSION_SECRET"] as const;
type SecretName = (typeof SECRETS)[number];

/** What a secret that is missing or too short keeps closed. */
const CLOSED: Record<SecretName, string> = {
  OPERATOR_KEY: "/api/v1 and the operator's console are closed",
  SESSION_SECRET: "the console is closed, and so is /api/v1 while there is no company",
};

/** What is wrong with a secret and what to do, in a sentence for whoever runs Rollcall; null when it is long enough. */
export function faultOfSecret(env: Env, name: SecretName): string | null {
  return faultOfSecrets(env, [name]);
}

/** What is wrong with the secrets and what to do, for whoever runs Rollcall; null when all are long enough. */
export function faultOfSecrets(env: Env, names: readonly SecretName[] = SECRETS): string | null {
  const weak = names.filter((name) => !isStrongSecret(env[name]));
  if (weak.length === 0) return null;
  const faults = weak.map((name) =>
    (env[name] ?? "") === ""
      ? `${name} is not set`
      : `${name} has fewer than ${LEAST_SECRET_BYTES} bytes, so that it could be found by trying`,
  );
  const commands = weak.map((name) => `\`npx wrangler secret put ${name}\``);
  const [its, it] = weak.length === 1 ? ["a long random one", "it"] : ["a long random one each", "them"];
  return `${faults.join(", and ")}: run ${commands.join(" and ")} with ${its} (\`openssl rand -base64 32\`), or put ${it} into .dev.vars for local development.`;
}

/** How often an isolate says it again (ms). */
const TOLD_EVERY = 3_600_000;
let toldAt = Number.NEGATIVE_INFINITY;

/** Tells the Worker's log, once an hour, which secrets are missing or too short and what they keep closed. */
export function logWeakSecrets(env: Env, now: number): void {
  if (now - toldAt < TOLD_EVERY) return;
  toldAt = now;
  for (const name of SECRETS) {
    const fault = faultOfSecret(env, name);
    if (fault === null) continue;
    const message = `${CLOSED[name]}; SCIM goes on. ${fault}`;
    console.error(JSON.stringify({ level: "error", room: "platform", secret: name, message }));
  }
}
