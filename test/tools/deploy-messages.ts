import type { DeployConfig } from "./deploy-config.ts";
import { type Place, varsOfPlace } from "./deploy-place.ts";
import type { Deployed } from "./deploy-plan.ts";
import { SECRETS, type Secrets } from "./deploy-secrets.ts";

/** What `--dry-run` says that a deployment would do; unattended it makes no secrets. */
export function describeDeployment(
  config: DeployConfig,
  { place, placement, isUnattended }: { place: Place; placement: string | null; isUnattended: boolean },
): string {
  const where =
    place.jurisdiction !== null
      ? ` (jurisdiction ${place.jurisdiction})`
      : place.region !== null
        ? ` (location ${place.region})`
        : "";
  const databases = config.databases.map(({ binding, name, id }) =>
    id === null ? `make the D1 database ${name}${where}, unless there is one` : `use the database ${id} as ${binding}`,
  );
  const namespaces = config.namespaces.map(({ binding, title, id }) =>
    id === null ? `make the KV namespace ${title}, unless there is one` : `use the KV namespace ${id} as ${binding}`,
  );
  const names = Object.keys(SECRETS).join(" and ");
  const vars = Object.entries(varsOfPlace(place)).map(([name, value]) => `${name}=${value}`);
  const steps = [
    `look what the Worker ${config.worker} has: secrets, databases, namespaces`,
    ...databases,
    ...namespaces,
    `apply the migrations that are missing to ${config.databases.map(({ name }) => name).join(", ")}`,
    isUnattended
      ? `make no secret, since nobody reads along here (CI is set), and say which of ${names} the Worker lacks`
      : `make ${names} into .secrets.${config.worker}.json, but for those that the Worker has`,
    `deploy ${config.worker}${placement === null ? "" : `, near ${placement}`}${vars.length === 0 ? "" : `, with ${vars.join(", ")}`}`,
  ];
  return `A deployment would, in this order:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join("\n")}\n`;
}

interface After {
  /** Where the Worker is, or null when wrangler did not say. */
  address: string | null;
  /** The file that secrets are kept in, and what is in it. */
  kept: string;
  made: Secrets;
}

/** What is said after a deployment: where the console is, the operator key of a first one, once, or what is to be set. */
export function describeResult({ secrets, missing }: Deployed, { address, kept, made }: After): string {
  const lines = ["", "Rollcall is deployed.", ""];
  if (address !== null) lines.push(`  Console        ${address}/console`, `  Tenant URL     ${address}/scim/v2`);
  if (secrets.OPERATOR_KEY !== undefined)
    lines.push(
      `  Operator key   ${secrets.OPERATOR_KEY}`,
      "",
      "The key is shown this once. Sign in to the console with it.",
    );
  else if (made.OPERATOR_KEY !== undefined && missing.length === 0)
    lines.push("", `The operator key is the one that an earlier deployment from this folder made: ${kept} has it.`);
  if (Object.keys(secrets).length > 0)
    lines.push(
      `${kept} keeps what was made: put it into a safe, then delete the file. Cloudflare shows no secret again.`,
    );
  for (const name of missing)
    lines.push(
      `  Missing: ${name}, ${SECRETS[name]}. Set a random one of 32 bytes or more: npx wrangler secret put ${name}`,
    );
  if (missing.length > 0)
    lines.push("", "Until then the doors that they open stay closed; the Worker's first page says so, too.");
  return `${lines.join("\n")}\n`;
}

/** What to do about a failure, by what wrangler says of it, which is meant for those who call it themselves. */
const ADVICE: [RegExp, string][] = [
  [
    /CLOUDFLARE_API_TOKEN environment variable/,
    "You are not logged in at Cloudflare. Run: npx wrangler login (or, where nobody can, set CLOUDFLARE_API_TOKEN). Then deploy again.",
  ],
  [
    /More than one account available/,
    "Your login has several accounts. Say which: CLOUDFLARE_ACCOUNT_ID=<id> npm run deploy. They are listed below.",
  ],
  [/fetch failed|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/, "Cloudflare could not be reached. Deploy again when it can."],
];

/** A failed deployment in words: what to do, where that is known, then what wrangler said. */
export function explainFailure(message: string): string {
  const [, advice] = ADVICE.find(([symptom]) => symptom.test(message)) ?? [];
  return `The deployment failed, and can be repeated as it was.\n${advice === undefined ? "" : `${advice}\n`}\n${message}`;
}
