import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ACCIDENTS } from "./accident.ts";
import { objectOf } from "./document.ts";
import type { ManagementAccess } from "./management.ts";
import { PROVIDER_NAMES } from "./provider.ts";
import { AUTH_WAYS, canSignIn } from "./sign-in.ts";
import type { SimulateOptions } from "./simulate.ts";

/** How the command is called. */
export const USAGE = `npm run simulate -- ${PROVIDER_NAMES.join("|")} [options]

  --users 200          people of the synthetic company
  --groups 10          its groups
  --seed 1             another number is another company, with other userNames
  --connections N      requests at a time (entra 16, okta and pingone 8, onelogin and jumpcloud 6, others 4)
  --chaos              repeat requests, drop replies, run independent requests in any order
  --optscim            entra only: with aadOptscim062020 on the tenant URL
  --auth token|client|federated   how it signs in: with the token; entra, pingone and oracle by client credentials; entra by
                       workload identity federation, with an issuer on this machine. Makes its own credential (operator key)
  --keep               leave out the deletes, so that the directory stays full
  --accident NAME      play a slip once everybody is there, and tell what the brake holds:
                       ${ACCIDENTS.join(", ")}
  --url URL            the tenant URL (default: that of "npm run dev")
  --token TOKEN        the setting's token (default: that of "npm run dev")
  --operator-key KEY   with it target users and target groups are compared, too
  --company ID         the company of the token (default: found by the operator key)
  --help               this text

The number of people and groups names the company, too: runs of another size, seed or provider meet nobody of each other's.

keycloak and pingone need a setting whose dialect is theirs, as one made for them begins.
Exit code: 0 no difference, 1 differences, 2 the command or the connection is wrong.`;

/** The command line is wrong; the message says how. */
export class UsageProblem extends Error {}

const DEV_FILE = join(import.meta.dirname, "../../.wrangler/rollcall-dev.json");

/** The options a command line means; null when it asks for help. */
export function parseArguments(args: string[], devFile: string = DEV_FILE): SimulateOptions | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const provider = PROVIDER_NAMES.find((name) => name === positionals[0]);
  if (provider === undefined || positionals.length !== 1)
    throw new UsageProblem(`name one provider: ${PROVIDER_NAMES.join(", ")}`);
  if (values.optscim === true && provider !== "entra") throw new UsageProblem("--optscim is for entra only");
  const accident = ACCIDENTS.find((name) => name === values.accident);
  if (values.accident !== undefined && accident === undefined)
    throw new UsageProblem(`--accident is one of: ${ACCIDENTS.join(", ")}`);
  const auth = AUTH_WAYS.find((way) => way === (values.auth ?? "token"));
  if (auth === undefined || !canSignIn(provider, auth))
    throw new UsageProblem(`--auth ${values.auth} is not a way in which ${provider} signs in`);
  const counts = {
    users: parseCount("users", values.users, 1),
    groups: parseCount("groups", values.groups, 0),
    seed: parseCount("seed", values.seed, 0),
    connections: parseCount("connections", values.connections, 1),
  };
  // The values of "npm run dev" belong together: with another server or token its operator key says nothing.
  const own = values.url !== undefined && values.token !== undefined;
  const dev = own ? {} : readDevFile(devFile);
  const tenantUrl = values.url ?? dev.tenantUrl;
  const token = values.token ?? dev.token;
  if (tenantUrl === undefined || token === undefined || !URL.canParse(tenantUrl))
    throw new UsageProblem('no server: run "npm run dev" in another terminal first, or give --url and --token');
  // A token that was given says by itself whose it is; the company that "npm run dev" made may be another one.
  const company = values.company ?? (values.token === undefined ? dev.companyId : undefined);
  return {
    provider,
    tenantUrl: tenantUrl.split("?")[0] ?? tenantUrl,
    token,
    auth,
    ...counts,
    chaos: values.chaos === true,
    optscim: values.optscim === true,
    keep: values.keep === true,
    ...(accident === undefined ? {} : { accident }),
    management: managementOf(tenantUrl, values["operator-key"] ?? dev.operatorKey, company),
  };
}

function parse(args: string[]) {
  const text = { type: "string" as const };
  const flag = { type: "boolean" as const };
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        users: text,
        groups: text,
        seed: text,
        connections: text,
        chaos: flag,
        optscim: flag,
        keep: flag,
        accident: text,
        url: text,
        token: text,
        auth: text,
        "operator-key": text,
        company: text,
        help: flag,
      },
    });
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : String(error));
  }
}

function parseCount(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < least) throw new UsageProblem(`--${name} must be a number from ${least}`);
  return count;
}

function managementOf(
  tenantUrl: string,
  operatorKey: string | undefined,
  companyId: string | undefined,
): ManagementAccess | null {
  if (operatorKey === undefined) return null;
  return { baseUrl: new URL(tenantUrl).origin, operatorKey, companyId: companyId ?? null };
}

/** What "npm run dev" left in the project; empty when it did not run. */
function readDevFile(path: string): Partial<Record<"tenantUrl" | "token" | "operatorKey" | "companyId", string>> {
  try {
    const { tenantUrl, token, operatorKey, companyId } = objectOf(JSON.parse(readFileSync(path, "utf8")));
    const text = (value: unknown) => (typeof value === "string" ? value : undefined);
    return {
      tenantUrl: text(tenantUrl),
      token: text(token),
      operatorKey: text(operatorKey),
      companyId: text(companyId),
    };
  } catch {
    return {};
  }
}
