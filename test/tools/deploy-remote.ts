import * as z from "zod";
import { isRegion, type Region } from "../../src/platform/place-durable-object.ts";

/** Runs wrangler with these arguments to its end and gives what it printed on its standard output; throws when it fails. */
export type RunWrangler = (args: readonly string[]) => Promise<string>;

/** What is there of a Worker before it is deployed. */
export interface Worker {
  /** Whether its code was ever deployed: a Worker that only got secrets has no objects yet. */
  isDeployed: boolean;
  secrets: string[];
  vars: Record<string, string>;
  /** The ids of the databases and namespaces that it is bound to, by binding. */
  resources: Map<string, string>;
}

const secretsShape = z.array(z.object({ name: z.string() }));
const statusShape = z.object({ versions: z.array(z.object({ version_id: z.string() })) });
const versionShape = z.object({
  resources: z.object({
    bindings: z.array(
      z.object({
        type: z.string(),
        name: z.string(),
        id: z.string().optional(),
        namespace_id: z.string().optional(),
        text: z.string().optional(),
      }),
    ),
  }),
});
const databasesShape = z.array(z.object({ uuid: z.string(), name: z.string(), jurisdiction: z.string().nullish() }));
const namespacesShape = z.array(z.object({ id: z.string(), title: z.string() }));
const answeredShape = z.array(z.object({ meta: z.object({ served_by_region: z.string().optional() }) }));

/** Reads what a Worker has: its secrets' names, and what the version that is live is bound to. */
export async function readWorker(wrangler: RunWrangler): Promise<Worker> {
  const absent = { isDeployed: false, secrets: [], vars: {}, resources: new Map<string, string>() };
  const listed = await orNull(
    wrangler(["secret", "list", "--format", "json"]),
    /Worker ".*".* not found|\[code: 10007\]/,
  );
  if (listed === null) return absent;
  const secrets = parse(secretsShape, listed).map(({ name }) => name);
  const status = await orNull(wrangler(["deployments", "status", "--json"]), /has no deployments|\[code: 10007\]/);
  const [live] = status === null ? [] : parse(statusShape, status).versions;
  if (live === undefined) return { ...absent, secrets };
  const { resources } = parse(versionShape, await wrangler(["versions", "view", live.version_id, "--json"]));
  const { bindings } = resources;
  const text = bindings.filter(({ type }) => type === "plain_text");
  const stores = bindings.filter(({ type }) => type === "d1" || type === "kv_namespace");
  return {
    isDeployed: bindings.some(({ type }) => type === "durable_object_namespace"),
    secrets,
    vars: Object.fromEntries(text.map(({ name, text = "" }) => [name, text])),
    resources: new Map(
      stores.flatMap(({ name, id, namespace_id: space }) => {
        const known = id ?? space;
        return known === undefined ? [] : [[name, known] as const];
      }),
    ),
  };
}

/** The account's database of a name, or null. */
export async function findDatabase(wrangler: RunWrangler, name: string) {
  const found = parse(databasesShape, await wrangler(["d1", "list", "--json"])).find((one) => one.name === name);
  return found === undefined ? null : { id: found.uuid, jurisdiction: found.jurisdiction ?? null };
}

/** The id of the account's KV namespace of a title, or null. */
export async function findNamespace(wrangler: RunWrangler, title: string): Promise<string | null> {
  const found = parse(namespacesShape, await wrangler(["kv", "namespace", "list"])).find((one) => one.title === title);
  return found?.id ?? null;
}

/** Where a database is, as it says itself when it answers; null when it does not say. */
export async function findRegion(wrangler: RunWrangler, name: string): Promise<Region | null> {
  const answered = await wrangler(["d1", "execute", name, "--remote", "--json", "--command", "SELECT 1"]);
  const region = parse(answeredShape, answered)[0]?.meta.served_by_region?.toLowerCase();
  return isRegion(region) ? region : null;
}

/** Null for a failure that means that there is nothing yet. */
async function orNull(work: Promise<string>, absent: RegExp): Promise<string | null> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && absent.test(error.message)) return null;
    throw error;
  });
}

function parse<Shape>(shape: z.ZodType<Shape>, text: string): Shape {
  return shape.parse(JSON.parse(text));
}
