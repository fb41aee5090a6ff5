import { ROUTES as PAGES } from "../../src/console/routes.ts";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { FILLINGS, type Genes, type MemoryRequest, pick, query, type Route } from "./request-parts.ts";
import type { Scene } from "./scene.ts";

/*
 * The routes of the management API and of the console as their own tables have them: one that is added is tried like all
 * others, and one with a parameter that no scene has an id for fails.
 */

const MOST_BYTES = 1_048_576;

/** A path of a table with the ids of a scene; throws where it has none of that name. */
function fill(path: string, { ids }: Scene): string {
  return path.replace(/\{(\w+)\}|:([a-z]\w*)/gi, (_, inner: string | undefined, colon: string | undefined) => {
    const name = inner ?? colon ?? "";
    const id = ids[name];
    if (id === undefined) throw new Error(`the scene has no ${name} for ${path}`);
    return id;
  });
}

/** What makes lists read or answer more, besides their length. */
const FILTERS: Record<string, readonly Record<string, string>[]> = {
  "target-users": [{}, { filter: "title pr" }, { managed: "true" }],
  changes: [{}, { types: "user.updated" }],
  log: [{}, { outcome: "failure" }, { status: "200" }],
  enrolments: [{}, { status: "active" }, { kind: "training" }],
  effects: [{}, { search: "a" }],
};

const ITEMS = Array.from({ length: 200 }, (_, index) => ({
  ...{ kind: index % 2 === 0 ? "training" : "phishing", id: `${index}${"i".repeat(190)}` },
  name: `\u{1f388}${"n".repeat(190)}`,
}));

/** Bodies that are taken, of routes whose answers are large; all others are filled with what is refused. */
const BODIES: Record<string, { query?: string; body: (genes: Genes) => unknown }> = {
  "POST /companies/{companyId}/scim-settings/{settingId}/preview": {
    query: "?limit=200",
    body: ({ shape }) => ({
      groupSettings:
        shape > 0.5 ? { criteria: "field", field: "department" } : { criteria: "none", targetGroupName: "x" },
    }),
  },
  "POST /companies/{companyId}/scim-settings/{settingId}/preview-deletion": { body: () => ({ users: "remove" }) },
  "PUT /companies/{companyId}/target-groups/{groupId}/auto-enrolments": {
    query: "?preview=true",
    body: ({ size }) => ITEMS.slice(0, Math.round(size * ITEMS.length)),
  },
};

function tableRoute([route, hasBody, isList]: [string, boolean, boolean]): Route {
  const [method = "", path = ""] = route.split(" ");
  return {
    name: `api ${route}`,
    make: (genes, scene): MemoryRequest => {
      const at = `/api/v1${fill(path, scene)}`;
      if (!hasBody) {
        const more = pick(FILTERS[path.split("/").at(-1) ?? ""] ?? [{}], genes.shape);
        const list = isList ? query({ limit: Math.max(1, Math.round(genes.size * 200)), ...more }) : "";
        return { method, path: at + list, as: "operator" };
      }
      const known = BODIES[route];
      const filled = () => `{"name":"x","items":[${pick(FILLINGS, genes.shape)(genes.size * (MOST_BYTES - 100))}]}`;
      const body = known === undefined ? filled() : JSON.stringify(known.body(genes));
      return { method, path: at + (known?.query ?? ""), body, as: "operator" };
    },
  };
}

/** The pages that show what follows from a form's values. */
const QUERIES: Record<string, readonly string[]> = {
  groupingPreview: ["?criteria=none&group=All&figures=now", "?criteria=field&field=department&figures=now"],
  groupingFigures: ["?criteria=none&group=All"],
  groupingCsv: ["?criteria=none&group=All", "?criteria=field&field=department"],
  mappingPreview: ["?figures=now"],
  people: ["", "?q=a", "?sort=-added"],
  log: ["", "?q=a", "?outcome=failure"],
  groups: ["", "?q=a", "?sort=members"],
  setting: ["", "?span=month"],
  logCsv: ["", "?outcome=failure"],
  releaseHold: ["?version=1"],
  releaseFigures: ["?version=1"],
  keepFigures: ["?version=1"],
  additionFigures: ["?kind=training&id=new&name=New"],
  keepHold: ["?version=1"],
};

/**
 * Every route of the tables but those that take nothing and answer with nothing: what deletes, what is done without a body,
 * and the console's forms, which are 256 KB at most.
 */
export const TABLE_ROUTES: readonly Route[] = [
  ...OPERATIONS.filter(({ route, body }) => route.startsWith("GET ") || body !== undefined)
    .filter(({ route }) => !route.startsWith("DELETE "))
    .map(({ route, body, query: asked }) =>
      tableRoute([route, body !== undefined, asked?.shape !== undefined && "limit" in asked.shape]),
    ),
  ...Object.entries(PAGES)
    .filter(([, path]) => path.startsWith("/companies"))
    .map(
      ([name, path]): Route => ({
        name: `console ${name}`,
        make: ({ shape }, scene) => ({
          method: "GET",
          path: `/console${fill(path, scene)}${pick(QUERIES[name] ?? [""], shape)}`,
          as: "admin",
        }),
      }),
    ),
];
