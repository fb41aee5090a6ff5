import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const root = join(import.meta.dirname, "../../src/scim");
const TABLES = ["user", "group", "enterprise"]
  .map((name) => `schema/${name}-schema.ts`)
  .concat("schema/resource-types.ts");

describe("one schema table drives everything", () => {
  it("no code names an attribute of a schema: neither emails nor manager nor department", () => {
    const { User } = resourceTypes();
    const extension = User.extensions.flatMap((schema) => schema.attributes);
    const names = [...User.schema.attributes, ...extension].map(({ name }) => name);
    const shared = ["name", "groups", "title", "active", "password"]; // also plain words or facts of the API
    const quoted = names.filter((name) => !shared.includes(name));
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    expect(TABLES.filter((name) => !files.includes(name))).toEqual([]);
    for (const file of files.filter((name) => !TABLES.includes(name))) {
      const code = readFileSync(join(root, file), "utf8")
        .replace(/\/\*\*[\s\S]*?\*\//g, "")
        .replace(/\/\/.*$/gm, "");
      for (const name of quoted)
        expect(new RegExp(`["'\`.]${name}\\b`).test(code), `${file} names ${name}`).toBe(false);
    }
  });

  it("prepares the resource types once", () => {
    expect(resourceTypes()).toBe(resourceTypes([]));
    const extras = [{ urn: "urn:a:b:User", attributes: [{ name: "c" }] }];
    expect(resourceTypes(extras)).toBe(resourceTypes(extras));
  });
});
