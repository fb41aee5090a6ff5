/** The secrets without which Rollcall must not go live, and what each is for. */
const SECRETS = {
  OPERATOR_KEY: "the key of the management API",
  SESSION_SECRET: "what signs console sessions and seals tokens and webhook secrets",
} as const;

/** Runs wrangler with these arguments to its end and gives what it printed; throws when it fails. */
export type RunWrangler = (args: readonly string[]) => Promise<string>;

/** The bindings of the databases that a configuration names; `DB` when it is another one that names them. */
export function listDatabases(config: string): string[] {
  const named = [...config.matchAll(/^binding = "(DB\d*)"$/gm)].map(([, name]) => String(name));
  return named.length === 0 ? ["DB"] : named;
}

/** A deployment that must not go on, in words for the person at the terminal. */
export class DeployRefused extends Error {}

/** What a deployment has to do with. */
export interface DeployPorts {
  wrangler: RunWrangler;
  say: (line: string) => void;
  /** The text of wrangler.toml. */
  config: string;
}

/**
 * Deploys in the one right order: refuses while the configuration names no database or a secret is missing, applies the
 * migrations to the remote databases, then deploys. The very first deployment has no Worker yet to ask for its secrets; it
 * is refused too, with what to do. `extra` goes to `wrangler deploy`; what names an environment or a configuration goes
 * to all of its commands.
 */
export async function deploy({ wrangler, say, config }: DeployPorts, extra: readonly string[] = []): Promise<void> {
  const scope = scopeOf(extra);
  if (scope.length === 0) assertResources(config);
  const missing = missingSecrets(await listSecrets(wrangler, scope));
  if (missing.length > 0) throw new DeployRefused(refusal(missing));
  for (const database of listDatabases(config)) {
    say(`Applying migrations to the remote database ${database}`);
    say(await wrangler(["d1", "migrations", "apply", database, "--remote", ...scope]));
  }
  say("Deploying");
  say(await wrangler(["deploy", ...extra]));
}

/** The arguments that say which Worker is meant. */
function scopeOf(extra: readonly string[]): string[] {
  const isScope = (arg: string) => /^(--env|--config|-e|-c)(=|$)/.test(arg);
  return extra.flatMap((arg, index) => {
    if (isScope(arg)) return [arg];
    const before = extra[index - 1];
    return before !== undefined && isScope(before) && !before.includes("=") ? [arg] : [];
  });
}

/** Migrations need the database's id; a first `wrangler deploy` would make a database, but without its tables. */
function assertResources(config: string): void {
  const section = (name: string) => config.split(/^\[/m).find((part) => part.startsWith(`[${name}]]`)) ?? "";
  const lacks = [
    [
      /^database_id = "[0-9a-f-]{36}"/m.test(section("d1_databases")),
      "database_id",
      "d1 create rollcall --location weur",
    ],
    [/^id = "[0-9a-f]{32}"/m.test(section("kv_namespaces")), "id", "kv namespace create TOKENS"],
  ].filter(([isThere]) => !isThere);
  if (lacks.length === 0) return;
  const lines = lacks.map(([, name, command]) => `  npx wrangler ${command}     (gives ${name})`);
  throw new DeployRefused(
    `Nothing was deployed: wrangler.toml does not name the database and the KV namespace to use. Make them, put what is printed under their bindings, then deploy again:\n${lines.join("\n")}`,
  );
}

async function listSecrets(wrangler: RunWrangler, scope: readonly string[]): Promise<string[]> {
  const output = await wrangler(["secret", "list", "--format", "json", ...scope]).catch((error: unknown) => {
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
  return `Nothing was deployed: ${missing.length === 1 ? "a secret is" : "secrets are"} missing. Set random values of 32 bytes or more (openssl rand -base64 32), then deploy again:\n${lines.join("\n")}`;
}
