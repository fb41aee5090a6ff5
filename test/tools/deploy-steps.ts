/** What a run of wrangler came to. */
export interface Ran {
  isOk: boolean;
  stdout: string;
  /** Everything it printed, for people. */
  output: string;
}

/** Runs wrangler with these arguments to its end. */
export type RunWrangler = (args: readonly string[]) => Promise<Ran>;

/** Secrets without which the Worker lets nobody in; they are set once, and a deployment keeps them. */
const SECRETS: Record<string, string> = {
  OPERATOR_KEY: "opens the management API and the console to the operator",
  SESSION_SECRET: "signs console sessions, seals tokens and webhook secrets",
};

/**
 * Deploys in the order that needs no pause: secrets are looked for, the remote database is migrated (migrations only add,
 * so the running version goes on), and the new version takes over. Gives why it stopped, or null when all is done.
 */
export async function deploy(
  run: RunWrangler,
  say: (line: string) => void,
  more: readonly string[],
): Promise<string | null> {
  say("1/3 Looking for the secrets");
  const secrets = await run(["secret", "list", "--format", "json"]);
  const missing = Object.keys(SECRETS).filter((name) => !namesIn(secrets).includes(name));
  if (!secrets.isOk && !isUnknownWorker(secrets)) return `wrangler could not list the secrets:\n${secrets.output}`;
  if (missing.length > 0) return explainMissing(missing);
  say("2/3 Applying the migrations to the remote database");
  const migrated = await run(["d1", "migrations", "apply", "DB", "--remote"]);
  if (!migrated.isOk)
    return `The migrations were not applied, and nothing was deployed.
If the database does not exist yet: npx wrangler d1 create rollcall --location <weur|eeur|enam|wnam|apac|oc>,
then put its database_id into wrangler.toml under [[d1_databases]].
${migrated.output}`;
  say("3/3 Deploying");
  const deployed = await run(["deploy", ...more]);
  if (!deployed.isOk) return `The migrations are applied, but the deployment failed:\n${deployed.output}`;
  say(deployed.output.trim());
  return null;
}

function namesIn({ isOk, stdout }: Ran): string[] {
  if (!isOk) return [];
  try {
    const list: unknown = JSON.parse(stdout.slice(stdout.indexOf("[")));
    return Array.isArray(list) ? list.map((secret) => String(secret?.name)) : [];
  } catch {
    return [];
  }
}

/** A Worker that was never deployed has no secrets yet: `wrangler secret put` offers to make it. */
function isUnknownWorker({ output }: Ran): boolean {
  return /10007|does not exist|no worker|not found/i.test(output);
}

function explainMissing(missing: readonly string[]): string {
  const lines = missing.map(
    (name) => `  npx wrangler secret put ${name}     ${SECRETS[name]}; 32 random bytes: openssl rand -base64 32`,
  );
  return `Nothing was deployed: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Set it first, once:\n${lines.join("\n")}`;
}
