import { expect, it } from "vitest";
import { openPlaced } from "../../src/platform/placed-object.ts";

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
