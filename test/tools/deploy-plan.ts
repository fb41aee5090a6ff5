import type { Jurisdiction } from "../../src/platform/place-durable-object.ts";
import { type Additions, type ConfiguredDatabase, type DeployConfig, readDeployConfig } from "./deploy-config.ts";
import { type Place, placementOf, placeOfVars, readPlace, settleJurisdiction, varsOfPlace } from "./deploy-place.ts";
import { DeployRefused } from "./deploy-refused.ts";
import { findDatabase, findNamespace, findRegion, type RunWrangler, readWorker, type Worker } from "./deploy-remote.ts";
import { missingSecrets, type SecretName, type Secrets } from "./deploy-secrets.ts";

/** What a deployment has to do with. */
export interface DeployPorts {
  wrangler: RunWrangler;
  say: (line: string) => void;
  /** The text of wrangler.toml, which is never written. */
  config: string;
  /** The environment of `--env`, and the arguments that go to `wrangler deploy`. */
  environment: string | null;
  extra: readonly string[];
  asked: Place;
  /** Whether nobody reads along and the disk is a fresh one: in Workers Builds and other CI. */
  isUnattended: boolean;
  /** Has wrangler's next commands read a configuration with this added. */
  complete: (additions: Additions) => void;
  /** Gives secrets, made and kept where they are not yet, and where wrangler finds them. */
  secrets: (names: readonly SecretName[]) => { values: Secrets; file: string };
}

/** What a deployment came to. */
export interface Deployed {
  /** The secrets that were made or passed now; those that the Worker had are none of them. */
  secrets: Secrets;
  /** The secrets that the Worker is still without. */
  missing: SecretName[];
}

/**
 * Deploys in the one right order: looks what is there, makes what is not (databases, the KV namespace), applies the migrations,
 * and passes the Worker with the secrets that it lacks. Each step finds what an earlier try has made, so that a deployment
 * that failed anywhere is repeated as it was.
 */
export async function deploy(ports: DeployPorts): Promise<Deployed> {
  const { wrangler, say, extra, environment, isUnattended } = ports;
  const config = readDeployConfig(ports.config, environment);
  const worker = await readWorker(wrangler);
  const { place, ids } = await prepare(ports, config, worker);
  const placement = config.hasPlacement ? null : placementOf(place.region);
  ports.complete({ ids, vars: varsOfPlace(place), placement });
  for (const { binding, name } of config.databases) {
    say(`Migrations of database ${name}`);
    await wrangler(["d1", "migrations", "apply", binding, "--remote"]);
  }
  const missing = missingSecrets(worker.secrets);
  const makes = !isUnattended && missing.length > 0;
  const { values, file } = makes ? ports.secrets(missing) : { values: {}, file: "" };
  say(`Deploying ${config.worker}${placement === null ? "" : `, near ${placement}`}`);
  await wrangler(["deploy", ...extra, ...(makes ? ["--secrets-file", file] : [])]);
  return { secrets: values, missing: makes ? [] : missing };
}

/** Settles the place, and finds or makes what the Worker is bound to. */
async function prepare({ wrangler, say, asked }: DeployPorts, config: DeployConfig, worker: Worker) {
  const present = placeOfVars(worker.vars);
  const { REGION, JURISDICTION } = config.vars;
  const wanted = readPlace({ ROLLCALL_REGION: REGION, ROLLCALL_JURISDICTION: JURISDICTION });
  const jurisdiction = settleJurisdiction(asked.jurisdiction ?? wanted.jurisdiction, {
    isDeployed: worker.isDeployed,
    present: present.jurisdiction,
  });
  const place = { region: asked.region ?? wanted.region ?? present.region, jurisdiction };
  const ids = new Map<string, string>();
  for (const database of config.databases) {
    const { id, settled } = await ensureDatabase({ wrangler, say }, database, worker, place);
    if (database.id === null) ids.set(database.binding, id);
    // An older database stays where it is, and the others go to it.
    if (settled !== null && place.region !== null) place.region = settled;
  }
  for (const { binding, title, id } of config.namespaces) {
    const known = id ?? worker.resources.get(binding) ?? (await findNamespace(wrangler, title));
    if (known === null) {
      say(`Making the KV namespace ${title}`);
      await wrangler(["kv", "namespace", "create", title]);
    }
    if (id === null) ids.set(binding, known ?? (await afterMaking(findNamespace(wrangler, title), title)));
  }
  return { place, ids };
}

/** Gives a database's id, and the region where an older one turned out to be when it is not the one that is wanted. */
async function ensureDatabase(
  { wrangler, say }: Pick<DeployPorts, "wrangler" | "say">,
  { binding, name, id }: ConfiguredDatabase,
  worker: Worker,
  { region, jurisdiction }: Place,
): Promise<{ id: string; settled: Place["region"] }> {
  const bound = id ?? worker.resources.get(binding) ?? null;
  const found = bound === null ? await findDatabase(wrangler, name) : null;
  if (found !== null) assertJurisdiction(name, found.jurisdiction, jurisdiction);
  const known = bound ?? found?.id ?? null;
  if (known === null) {
    const where =
      jurisdiction !== null ? ["--jurisdiction", jurisdiction] : region !== null ? ["--location", region] : [];
    say(
      `Making the database ${name}${where.length === 0 ? ", where Cloudflare puts it" : ` (${where.join(" ").slice(2)})`}`,
    );
    await wrangler(["d1", "create", name, ...where]);
    return { id: (await afterMaking(findDatabase(wrangler, name), name)).id, settled: null };
  }
  if (region === null || region === placeOfVars(worker.vars).region) return { id: known, settled: null };
  const settled = await findRegion(wrangler, known);
  if (settled !== null && settled !== region)
    say(
      `The database ${name} is in ${settled} and cannot be moved: the objects and the Worker go there, not to ${region}.`,
    );
  return { id: known, settled };
}

/** What was made a moment ago and is not listed yet is waited for by whoever deploys again. */
async function afterMaking<Found>(work: Promise<Found | null>, name: string): Promise<Found> {
  const found = await work;
  if (found === null) throw new DeployRefused(`${name} was made, but is not listed yet: deploy again in a moment.`);
  return found;
}

/** A database cannot get a jurisdiction later, nor lose it. */
function assertJurisdiction(name: string, present: string | null, wanted: Jurisdiction | null): void {
  if (present === wanted) return;
  const made = present === null ? "without a jurisdiction" : `in the jurisdiction ${present}`;
  const way = present === null ? "without ROLLCALL_JURISDICTION" : `with ROLLCALL_JURISDICTION=${present}`;
  throw new DeployRefused(
    `Nothing was deployed: the database ${name} was made ${made}, and that cannot be changed. Deploy ${way}, or name another database in wrangler.toml.`,
  );
}
