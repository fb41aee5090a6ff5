import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlaced } from "../../src/platform/place-durable-object.ts";

/** A namespace that notes how an object of it was opened. */
function noting(opened: unknown[], jurisdiction: string | null = null): DurableObjectNamespace {
  return {
    jurisdiction: (word: string) => noting(opened, word),
    idFromName: (name: string) => ({ jurisdiction, name }),
    get: (id: unknown, options: unknown) => opened.push({ id, options }),
  } as unknown as DurableObjectNamespace; // all that opening an object calls
}

it("opens an object where Cloudflare puts it, unless the deployment names a region or a jurisdiction", () => {
  const opened: unknown[] = [];
  const namespace = noting(opened);
  openPlaced({}, namespace, "a");
  openPlaced({ REGION: "weur" }, namespace, "a");
  openPlaced({ REGION: "weur", JURISDICTION: "eu" }, namespace, "a");
  openPlaced({ REGION: "", JURISDICTION: "" }, namespace, "a");
  expect(opened).toEqual([
    { id: { jurisdiction: null, name: "a" }, options: undefined },
    { id: { jurisdiction: null, name: "a" }, options: { locationHint: "weur" } },
    { id: { jurisdiction: "eu", name: "a" }, options: { locationHint: "weur" } },
    { id: { jurisdiction: null, name: "a" }, options: undefined },
  ]);
});

it("opens none in a jurisdiction that there is not", () => {
  expect(() => openPlaced({ JURISDICTION: "EU" }, noting([]), "a")).toThrow(/JURISDICTION/);
});

it("is how every object is opened: one that another way leads to would be another object in a jurisdiction", () => {
  const src = join(import.meta.dirname, "../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  const others = files.filter((file) => /idFromName|newUniqueId|getByName/.test(readFileSync(join(src, file), "utf8")));
  expect(others).toEqual(["platform/place-durable-object.ts"]);
});
