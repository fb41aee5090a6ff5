import { DeployRefused } from "./deploy-refused.ts";

/** What of wrangler.toml a deployment has to know. */
export interface DeployConfig {
  /** The Worker's name, which an environment may change. */
  worker: string;
  databases: ConfiguredDatabase[];
  namespaces: ConfiguredNamespace[];
  vars: Record<string, string>;
  hasPlacement: boolean;
}

/** A D1 binding; `id` is null where the configuration names none. */
export interface ConfiguredDatabase {
  binding: string;
  name: string;
  id: string | null;
}

/** A KV binding; `id` is null where the configuration names none, and `title` is what the namespace is then called. */
export interface ConfiguredNamespace {
  binding: string;
  title: string;
  id: string | null;
}

/** What a deployment adds to the configuration, for itself alone: ids by binding, variables, and the Worker's place. */
export interface Additions {
  ids: ReadonlyMap<string, string>;
  vars: Readonly<Record<string, string>>;
  placement: string | null;
}

interface Section {
  header: string;
  body: string;
}

/** Reads what a deployment needs from the text of a wrangler.toml; `environment` is that of `--env`, or null. */
export function readDeployConfig(text: string, environment: string | null): DeployConfig {
  const sections = sectionsOf(text);
  const under = prefixOf(environment);
  const own = environment === null ? undefined : textAt(bodyOf(sections, `[env.${environment}]`), "name");
  const name = textAt(sections[0]?.body ?? "", "name");
  if (name === undefined && own === undefined)
    throw new DeployRefused("The configuration gives the Worker no name: npm run deploy reads a wrangler.toml.");
  const worker = own ?? (environment === null ? String(name) : `${name}-${environment}`);
  const bindings = (kind: string) =>
    sections
      .filter(({ header }) => header === `[[${under}${kind}]]`)
      .map(({ body }) => ({ binding: textAt(body, "binding") ?? "", body }));
  const called = (binding: string) => `${worker}-${binding.toLowerCase().replaceAll("_", "-")}`;
  return {
    worker,
    databases: bindings("d1_databases").map(({ binding, body }) => {
      return {
        binding,
        name: textAt(body, "database_name") ?? called(binding),
        id: textAt(body, "database_id") ?? null,
      };
    }),
    namespaces: bindings("kv_namespaces").map(({ binding, body }) => {
      return { binding, title: called(binding), id: textAt(body, "id") ?? null };
    }),
    vars: Object.fromEntries(
      [...bodyOf(sections, `[${under}vars]`).matchAll(/^(\w+) *= *"(.*)"/gm)].map(([, key, value]) => [key, value]),
    ),
    hasPlacement: sections.some(({ header }) => header === "[placement]" || header === `[${under}placement]`),
  };
}

/** The text of a wrangler.toml with what a deployment adds; the file itself stays as it is. */
export function completeConfig(text: string, environment: string | null, { ids, vars, placement }: Additions): string {
  const under = prefixOf(environment);
  const key: Record<string, string> = {
    [`[[${under}d1_databases]]`]: "database_id",
    [`[[${under}kv_namespaces]]`]: "id",
  };
  const given = Object.entries(vars).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  const sections = sectionsOf(text).map(({ header, body }) => {
    if (header === `[${under}vars]`) {
      const others = body.split("\n").filter((line) => !Object.keys(vars).includes(line.split("=")[0]?.trim() ?? ""));
      return `${header}\n${given.join("")}${others.join("\n")}`;
    }
    const id = ids.get(textAt(body, "binding") ?? "");
    const name = key[header];
    if (name === undefined || id === undefined || textAt(body, name) !== undefined) return join({ header, body });
    return `${header}\n${name} = ${JSON.stringify(id)}\n${body}`;
  });
  if (given.length > 0 && !sections.some((section) => section.startsWith(`[${under}vars]`)))
    sections.push(`\n[${under}vars]\n${given.join("")}`);
  if (placement !== null) sections.push(`\n[${under}placement]\nregion = ${JSON.stringify(placement)}\n`);
  return sections.join("");
}

function prefixOf(environment: string | null): string {
  return environment === null ? "" : `env.${environment}.`;
}

/** The text cut before each header; the first section has none. */
function sectionsOf(text: string): Section[] {
  return text.split(/^(?=\[)/m).map((part) => {
    if (!part.startsWith("[")) return { header: "", body: part };
    const end = part.indexOf("\n") + 1 || part.length;
    return { header: part.slice(0, end).replace(/#.*/, "").trim(), body: part.slice(end) };
  });
}

function join({ header, body }: Section): string {
  return header === "" ? body : `${header}\n${body}`;
}

function bodyOf(sections: readonly Section[], header: string): string {
  return sections.find((section) => section.header === header)?.body ?? "";
}

function textAt(body: string, key: string): string | undefined {
  return new RegExp(`^${key} *= *"([^"]*)"`, "m").exec(body)?.[1];
}
