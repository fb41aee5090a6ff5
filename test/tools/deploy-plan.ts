/** The secrets without which Rollcall must not go live, and what each is for. */
const SECRETS = {
  OPERATOR_KEY: "the key of the management API",
  SESSION_SECRET: "what signs console sessions and seals tokens and webhook secrets",
} as const;

/** Runs wrangler with these arguments to its end and gives what it printed; throws when it fails. */
export type RunWrangler = (args: readonly string[]) => Promise<string>;

/** A deployment that must not go on, in words for the person at the terminal. */
export class DeployRefused extends Error {}

/**
 * Deploys in the one right order: refuses while a secret is missing, applies the migrations to the remote databases, then
 * deploys. The very first deployment has no Worker yet to ask for its secrets; it is refused too, with what to do.
 */
export async function deploy(
  wrangler: RunWrangler,
  say: (line: string) => void,
  databases: readonly string[],
  extra: readonly string[] = [],
): Promise<void> {
  const missing = missingSecrets(await listSecrets(wrangler));
  if (missing.length > 0) throw new DeployRefused(refusal(missing));
  for (const database of databases) {
    say(`Applying migrations to the remote database ${database}`);
    say(await wrangler(["d1", "migrations", "apply", database, "--remote"]));
  }
  say("Deploying");
  say(await wrangler(["deploy", ...extra]));
}

async function listSecrets(wrangler: RunWrangler): Promise<string[]> {
  const output = await wrangler(["secret", "list", "--format", "json"]).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    // A Worker that was never deployed has no secrets; `secret put` makes it.
    if (/not found|does not exist|10007/i.test(text)) return "[]";
    throw error;
  });
  const listed: unknown = JSON.parse(output.slice(output.indexOf("["), output.lastIndexOf("]") + 1) || "[]");
  return Array.isArray(listed) ? listed.map((secret) => String(secret.name)) : [];
}

function missingSecrets(present: readonly string[]): (keyof typeof SECRETS)[] {
  return (Object.keys(SECRETS) as (keyof typeof SECRETS)[]).filter((name) => !present.includes(name));
}

function refusal(missing: readonly (keyof typeof SECRETS)[]): string {
  const lines = missing.map((name) => `  npx wrangler secret put ${name}     (${SECRETS[name]})`);
  return `Nothing was deployed: ${missing.length === 1 ? "a secret is" : "secrets are"} missing. Set long random values, then deploy again:\n${lines.join("\n")}`;
}
