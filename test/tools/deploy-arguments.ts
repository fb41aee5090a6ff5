import { parseArgs } from "node:util";
import { DeployRefused } from "./deploy-refused.ts";

/** How the command is called. */
export const DEPLOY_USAGE = `npm run deploy [-- options]

Makes what is missing (the D1 database, the KV namespace, both secrets), applies the migrations and deploys the Worker. Run it
again after any failure, and for every new version: it makes nothing twice and never changes wrangler.toml.

  --dry-run          say what it would do, and build the Worker, without an account
  --env NAME         deploy that environment of the configuration
  --config FILE      another configuration than wrangler.toml
  --help             this text
  anything else goes to "wrangler deploy"

  ROLLCALL_REGION=weur         puts the database, the objects and the Worker near each other: wnam, enam, weur, eeur, apac or oc
  ROLLCALL_JURISDICTION=eu     keeps database and objects in a jurisdiction (eu, us, fedramp); with the first deployment only
  CLOUDFLARE_ACCOUNT_ID        which account, when your login has several
  CLOUDFLARE_API_TOKEN         in place of "npx wrangler login"

Exit code: 0 deployed, 1 not.`;

/** What a command line asks for; what is not for this command goes to `wrangler deploy`. */
export interface DeployArguments {
  isHelp: boolean;
  isDryRun: boolean;
  environment: string | null;
  /** The configuration's file, when it is not wrangler.toml. */
  config: string | null;
  extra: string[];
}

/** Reads the command line. */
export function parseDeployArguments(args: readonly string[]): DeployArguments {
  const text = { type: "string" as const };
  const flag = { type: "boolean" as const };
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      env: { ...text, short: "e" },
      config: { ...text, short: "c" },
      "dry-run": flag,
      help: { ...flag, short: "h" },
    },
  });
  const own = tokens.filter(
    (token) => token.kind === "option" && ["env", "config", "dry-run", "help"].includes(token.name),
  );
  const optionOf = (name: string) => {
    const token = own.find((one) => one.kind === "option" && one.name === name);
    if (token === undefined || token.kind !== "option") return null;
    if (token.value === undefined || token.value.startsWith("-")) throw new DeployRefused(`--${name} needs a value`);
    return token.value;
  };
  const isSet = (name: string) => own.some((one) => one.kind === "option" && one.name === name);
  const taken = new Set(
    own.flatMap((one) => {
      const hasNext = one.kind === "option" && one.value !== undefined && one.inlineValue === false;
      return hasNext ? [one.index, one.index + 1] : [one.index];
    }),
  );
  return {
    isHelp: isSet("help"),
    isDryRun: isSet("dry-run"),
    environment: optionOf("env"),
    config: optionOf("config"),
    extra: args.filter((_, index) => !taken.has(index)),
  };
}
