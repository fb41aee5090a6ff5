import { compileMappings, deriveUser } from "../../src/directory/derive-user-fields.ts";
import { parseProjection, project } from "../../src/scim/attribute-projection.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { applyPatch, parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { represent } from "../../src/scim/represent-resource.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { mergeMappings } from "../../src/settings/fields.ts";
import { matchFilter } from "../scim/filter/match-filter.ts";
import { show, table } from "./markdown.ts";
import { person } from "./people.ts";

const type = resourceTypes().User;
const mappings = compileMappings(mergeMappings([]), []);
const META = { id: "x", created: "x", lastModified: "x", version: "x", location: "x", groups: [] };
const PATCH = {
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [
    { op: "Replace", path: 'emails[type eq "work"].value', value: "new@bench.example" },
    { op: "Add", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", value: "Sales" },
    { op: "Replace", value: { "name.givenName": "Ada", active: "False" } },
  ],
};
const FILTER = 'userName eq "person7@bench.example" and active eq true';
const sent = JSON.stringify(PATCH);
const stored = JSON.stringify(readResource(type, person(7)).document);
const projection = parseProjection(type, undefined, "groups");

/** What the protocol does for a request, one step a row; all of it together is the last row. */
const STEPS: Record<string, () => unknown> = {
  "read a POST": () => readResource(type, person(7)),
  "parse a filter and match a user": () => matchFilter(parseFilter(type, FILTER), JSON.parse(stored)),
  "parse and apply a PATCH of three operations": () =>
    applyPatch(type, JSON.parse(stored), parsePatch(type, JSON.parse(sent))),
  "derive the fields": () => deriveUser(JSON.parse(stored), mappings),
  "represent, project and print": () =>
    JSON.stringify(project(type, represent(type, JSON.parse(stored), META), projection)),
};

const TIMES = 5_000;

/** Measures the CPU time of the protocol's own work, in Node; gives Markdown. */
export async function benchLogic(): Promise<string> {
  const measured = Object.entries(STEPS).map(([name, step]) => ({ name, cost: cpuOf(step) }));
  const sum = measured.reduce((total, { cost }) => total + cost, 0);
  const rows = [...measured, { name: "**all of it**", cost: sum }].map(({ name, cost }) => [name, show(cost * 1000)]);
  return table(["the protocol's own work", "CPU µs"], rows);
}

/** CPU time of one run (ms), after as many that warm it up. */
function cpuOf(step: () => unknown): number {
  for (let n = 0; n < TIMES; n += 1) step();
  const before = process.cpuUsage();
  for (let n = 0; n < TIMES; n += 1) step();
  return process.cpuUsage(before).user / 1000 / TIMES;
}
